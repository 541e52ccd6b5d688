import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { shortId } from '../../domain/short-id.ts';
import type { SendOutcome } from '../../ports/channel.ts';
import { disableChannel } from '../../store/deliveries.ts';
import { failed, gone, idle, noon, refused, SenderBench, sent } from './deliver-due.fixture.ts';

const hour = 3_600_000;
const bench = new SenderBench();
beforeAll(bench.open);
afterAll(bench.close);
beforeEach(bench.reset);

it.each([
  ['unknown', failed, true],
  ['known', refused, false],
])('backs off after a failure; an %s outcome marks the repeat', async (_name, failure, isMarked) => {
  await bench.enqueue(['ops']);
  const ops = bench.receiver([failure, sent]);
  expect(await bench.run({ ops })).toEqual({ ...idle, retried: 1, nextDueAt: noon + 5_000 });
  bench.now += 4_999;
  expect(await bench.run({ ops })).toEqual({ ...idle, nextDueAt: noon + 5_000 });
  bench.now += 1;
  expect(await bench.run({ ops })).toEqual({ ...idle, sent: 1 });
  expect(ops.got.map(({ isPossibleRepeat }) => isPossibleRepeat)).toEqual([false, isMarked]);
  expect(await bench.rowsOf('ops')).toEqual([{ state: 'sent', attempts: 2, last_error: null }]);
});

it('a 429 pauses the whole channel and no other', async () => {
  await bench.enqueue(['ops', 'night'], 3);
  const busy: SendOutcome = { ...refused, reason: 'HTTP 429', retryAfterMs: 30_000, pausesChannel: true };
  const [ops, night] = [bench.receiver([sent, busy, sent]), bench.receiver()];
  expect(await bench.run({ ops, night })).toEqual({ sent: 4, retried: 1, dead: 0, nextDueAt: noon + 30_000 });
  bench.now += 29_999;
  expect(await bench.run({ ops, night })).toMatchObject({ sent: 0, nextDueAt: noon + 30_000 });
  bench.now += 1;
  expect(await bench.run({ ops, night })).toEqual({ ...idle, sent: 2 });
  expect(ops.got.map(({ shortId }) => shortId)).toEqual([0, 1, 1, 2].map((i) => night.got[i]?.shortId));
  expect(ops.got.some(({ isPossibleRepeat }) => isPossibleRepeat)).toBe(false);
});

it('a permanent error disables the channel, ends what waits and tells the other one', async () => {
  const shared = await bench.enqueue(['ops', 'night']);
  const alone = await bench.enqueue(['ops'], 2, 'Account closed');
  const [ops, night] = [bench.receiver([gone]), bench.receiver()];
  expect(await bench.run({ ops, night })).toEqual({ sent: 4, retried: 0, dead: 1, nextDueAt: null });
  expect(ops.got).toHaveLength(1);
  expect((await bench.rowsOf('ops')).map(({ state, last_error }) => [state, last_error])).toEqual([
    ['dead', 'HTTP 404 no_service'],
    ['dead', 'channel disabled: HTTP 404 no_service'],
    ['dead', 'channel disabled: HTTP 404 no_service'],
  ]);
  const [told, ...rest] = night.got.filter(({ title }) => title === 'Channel disabled');
  expect(rest).toEqual([]);
  expect(told?.text).toContain('Channel "ops" takes no more messages: HTTP 404 no_service');
  for (const id of [...shared, ...alone]) expect(told?.text).toContain(shortId(id));
  // What only the dead channel had is not lost either.
  expect(new Set(night.got.map(({ shortId }) => shortId)).size).toBe(4);
  const [alert] = await bench.database.sql<object>`select key, kind from alerts order by id desc limit 1`;
  expect(alert).toEqual({ key: `channel:${bench.ids.ops}:disabled:${noon}`, kind: 'channel_disabled' });
  expect(await bench.run({ ops, night })).toEqual(idle);
});

it('ends what was routed to a channel that is disabled by then', async () => {
  await bench.enqueue(['ops']);
  await disableChannel(bench.database.sql, bench.ids.ops ?? 0, 'gone', bench.now);
  const [ops, night] = [bench.receiver(), bench.receiver()];
  expect(await bench.run({ ops, night })).toEqual({ sent: 1, retried: 0, dead: 1, nextDueAt: null });
  expect([ops.got.length, night.got.length]).toEqual([0, 1]);
});

it('is dead after 24 hours of failures, with the last try at their end', async () => {
  await bench.enqueue(['ops']);
  const ops = bench.receiver([failed]);
  for (let next: number | null = bench.now; next !== null;) {
    bench.now = next;
    next = (await bench.run({ ops })).nextDueAt;
  }
  expect(bench.now).toBe(noon + 24 * hour);
  expect(ops.got.length).toBeGreaterThan(90);
  expect(ops.got.length).toBeLessThan(120);
  expect(ops.got.slice(1).every(({ isPossibleRepeat }) => isPossibleRepeat)).toBe(true);
  expect((await bench.rowsOf('ops'))[0]).toMatchObject({ state: 'dead', last_error: 'HTTP 500' });
  expect(bench.logged.some((line) => line.startsWith('delivery_dead'))).toBe(true);
});

it('rests a channel that fails again and again instead of trying all its messages', async () => {
  await bench.enqueue(['ops'], 20);
  const ops = bench.receiver([refused, refused, refused, sent]);
  expect(await bench.run({ ops })).toEqual({ ...idle, retried: 3, nextDueAt: noon + 10_000 });
  bench.now += 10_000;
  expect(await bench.run({ ops })).toEqual({ ...idle, sent: 20 });
});

it('survives a channel that throws, without repeating its words', async () => {
  await bench.enqueue(['ops']);
  const ops = bench.receiver([() => Promise.reject(new TypeError('https://hooks/SECRET')), sent]);
  expect(await bench.run({ ops })).toMatchObject({ retried: 1 });
  bench.now += 5_000;
  expect(await bench.run({ ops })).toMatchObject({ sent: 1 });
  expect(ops.got[1]?.isPossibleRepeat).toBe(true);
  expect(bench.logged.join()).not.toContain('SECRET');
});
