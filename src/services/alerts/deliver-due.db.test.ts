import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { shortId } from '../../domain/short-id.ts';
import type { Channel, SendOutcome } from '../../ports/channel.ts';
import { claimDelivery } from '../../store/deliveries.ts';
import { failed, gone, idle, noon, SenderBench, sent } from './deliver-due.fixture.ts';

const bench = new SenderBench();
beforeAll(bench.open);
afterAll(bench.close);
beforeEach(bench.reset);

it('sends each due alert once to each of its channels, oldest first and spaced', async () => {
  const [first = 0] = await bench.enqueue(['ops', 'night']);
  bench.now += 1;
  await bench.enqueue(['ops'], 3, 'Account closed');
  const [ops, night] = [bench.receiver([sent], 1_000), bench.receiver()];
  const start = bench.now;
  expect(await bench.run({ ops, night })).toEqual({ ...idle, sent: 5 });
  expect(ops.got.map(({ at }) => at - start)).toEqual([0, 1_000, 2_000, 3_000]);
  expect(night.got).toMatchObject([
    {
      shortId: shortId(first),
      severity: 'critical',
      title: 'Account suspended',
      text: 'act_1: active → disabled',
      fields: [{ label: 'Vendor', value: 'North' }],
      openedAt: noon,
      isPossibleRepeat: false,
      deliveryKey: `${first}-${bench.ids.night}-0`,
      at: expect.any(Number) as number,
    },
  ]);
  expect(ops.got[0]?.title).toBe('Account suspended');
  expect(await bench.run({ ops, night })).toEqual(idle);
  expect(ops.got).toHaveLength(4);
});

it('two senders at once send everything once', async () => {
  await bench.enqueue(['ops'], 60);
  const ops = bench.receiver([() => new Promise((resolve) => setImmediate(resolve, sent))]);
  const reports = await Promise.all([bench.run({ ops }), bench.run({ ops }, 'b')]);
  expect(reports.map((report) => report.sent).reduce((a, b) => a + b)).toBe(60);
  expect(new Set(ops.got.map(({ shortId }) => shortId)).size).toBe(60);
  expect(ops.got).toHaveLength(60);
});

it('sends again, marked, what a crashed sender left in doubt', async () => {
  await bench.enqueue(['ops']);
  const lost = {
    channelId: bench.ids.ops ?? 0,
    owner: 'crashed',
    now: bench.now,
    leaseMs: 30_000,
    spacingMs: 0,
  };
  await claimDelivery(bench.database, lost);
  const ops = bench.receiver();
  expect(await bench.run({ ops })).toEqual({ ...idle, nextDueAt: noon + 30_000 });
  bench.now += 30_000;
  expect(await bench.run({ ops })).toEqual({ ...idle, sent: 1 });
  expect(ops.got.map(({ isPossibleRepeat }) => isPossibleRepeat)).toEqual([true]);
});

it('a sender that was overtaken records nothing', async () => {
  await bench.enqueue(['ops']);
  const fresh = bench.receiver();
  const stale = bench.receiver([
    async () => {
      bench.now += 30_000;
      await bench.run({ ops: fresh }, 'b');
      return gone;
    },
  ]);
  expect(await bench.run({ ops: stale })).toEqual(idle);
  expect(fresh.got.map(({ isPossibleRepeat }) => isPossibleRepeat)).toEqual([true]);
  expect(await bench.rowsOf('ops')).toEqual([{ state: 'sent', attempts: 2, last_error: null }]);
  expect(await bench.database.sql`select id from channels where disabled_at is not null`).toEqual([]);
});

it('a receiver that hangs delays nobody else', async () => {
  await bench.enqueue(['ops', 'night'], 3);
  let answer: (outcome: SendOutcome) => void = () => {};
  const ops = bench.receiver([() => new Promise((resolve) => (answer = resolve)), sent]);
  const night = bench.receiver();
  const running = bench.run({ ops, night });
  await vi.waitFor(() => expect(night.got).toHaveLength(3));
  expect(ops.got).toHaveLength(1);
  // Nor does a run that waits keep later runs from sending.
  await bench.enqueue(['night']);
  await bench.run({ ops, night }, 'b');
  await vi.waitFor(() => expect(night.got).toHaveLength(4));
  answer(failed);
  expect(await running).toMatchObject({ retried: 1 });
  expect(ops.got).toHaveLength(3);
});

it('ends an attempt after ten seconds, and five seconds after a stop', async () => {
  await bench.enqueue(['ops'], 2);
  const stop = new AbortController();
  const aborted: boolean[] = [];
  const waits = [() => [9_999, 1], () => (stop.abort(), [4_999, 1])];
  const ops: Channel = {
    spacingMs: 0,
    send(_message, signal) {
      for (const ms of waits.shift()?.() ?? []) {
        vi.advanceTimersByTime(ms);
        aborted.push(signal.aborted);
      }
      return Promise.resolve(failed);
    },
  };
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    expect(await bench.run({ ops }, 'a', stop.signal)).toMatchObject({ retried: 2 });
  } finally {
    vi.useRealTimers();
  }
  expect(aborted).toEqual([false, true, false, true]);
});

it('leaves the deliveries of a channel without settings waiting and says so once', async () => {
  await bench.enqueue(['ops', 'night'], 3);
  const night = bench.receiver();
  expect(await bench.run({ night })).toEqual({ ...idle, sent: 3 });
  expect((await bench.rowsOf('ops')).map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
  expect(bench.logged.filter((line) => line.includes('not_configured'))).toEqual([
    'channel_not_configured {"channel":"ops"}',
  ]);
});

it('takes nothing new once it is asked to stop, and lets the attempt in flight end', async () => {
  await bench.enqueue(['ops'], 3);
  const stop = new AbortController();
  const ops = bench.receiver([() => (stop.abort(), Promise.resolve(sent))]);
  expect(await bench.run({ ops }, 'a', stop.signal)).toEqual({ ...idle, sent: 1, nextDueAt: noon });
});
