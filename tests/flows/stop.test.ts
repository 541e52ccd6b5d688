import { afterAll, beforeAll, expect, test } from 'vitest';
import { shortId } from '../../src/domain/short-id.ts';
import { dice, isLong } from '../dice.ts';
import { flowHouse, type FlowHouse } from '../flow-house.ts';
import { ExpectedBooks } from './expected-books.ts';
import { until } from './until.ts';
import { Workers } from './worker-process.ts';

/**
 * SIGTERM in the middle of cycles and of sending: the process ends soon, nothing is lost and nothing is told twice.
 * Two hundred stops: LONG=1 npx vitest run --project integration tests/flows/stop
 */

const stops = isLong ? 200 : 12;
const seed = Number(process.env['STOP_SEED'] ?? 20_261_128);
const stopWithinMs = 10_000;
const slotMs = 5000;
// No lease is to be waited for: a process that was stopped has given everything back.
const leapMs = 10_000;
const startAt = Date.parse('2026-11-23T15:01:00Z');
const metaDelayMs = 60;
const slackDelayMs = 40;

const books = new ExpectedBooks();
const tookMs: number[] = [];
const codes: (number | null)[] = [];
let cutCycles = 0;
let heldLeases = 0;
let flow: FlowHouse;
let workers: Workers;

const rows = <Row extends object>(text: TemplateStringsArray) => flow.database.database.sql<Row>(text);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function quietRound(): Promise<void> {
  const round = await workers.nextWorld();
  expect(await (await workers.start(1)).ended).toBe(0);
  await books.follow(flow.database.database.sql, round);
  workers.time += leapMs;
}

beforeAll(async () => {
  flow = await flowHouse({ startAt, accounts: 30 });
  workers = new Workers(flow, startAt, slotMs);
  await workers.handOver();
  await quietRound();
  const random = dice(seed);
  const scenarios = [{ kind: 'suspend_one' }, { kind: 'ban_wave', count: 2 }, { kind: 'suspend_one' }];
  for (let stop = 0; stop < stops; stop++) {
    await flow.scenario(scenarios[stop % 4] ?? { kind: 'back_to_normal' });
    if (stop % 4 === 0) await flow.scenario({ kind: 'delay', ms: metaDelayMs });
    flow.slack.delayMs = slackDelayMs;
    const heard = flow.slack.messages.length;
    const [round, worker] = await Promise.all([workers.nextWorld(), workers.start(Infinity)]);
    // Every other stop meets a message that is under way, the rest any moment of the cycles.
    if (stop % 2 === 0)
      await until(
        () => flow.slack.messages.length > heard,
        (is) => is,
        1000,
      ).catch(() => {});
    await pause(random.below(stop % 2 === 0 ? slackDelayMs : 300));
    tookMs.push(await worker.stop());
    codes.push(await worker.ended);
    await books.follow(flow.database.database.sql, round);
    const [left] = await rows<{ cut: number; held: number }>`
      select (select count(*) from cycles where finished_at is null) as cut,
        (select count(*) from shards where finished_at is null and lease_until is not null)
          + (select count(*) from deliveries where state = 'claimed') as held`;
    cutCycles = left!.cut;
    heldLeases += left!.held;
    workers.time += leapMs;
  }
  await quietRound();
}, 600_000);

afterAll(async () => {
  await workers?.endAll();
  await flow?.close();
});

test('each stop ends the process within ten seconds, by itself, with nothing in its hands', () => {
  const sorted = tookMs.toSorted((one, other) => one - other);
  console.log(
    `STOP_SEED=${seed}: ${stops} stops took ${Math.round(sorted[Math.floor(stops / 2)]!)} ms in the middle, ` +
      `${Math.round(sorted.at(-1)!)} ms at most; ${cutCycles} cycles were cut short, ${flow.slack.messages.length} messages`,
  );
  expect(sorted.at(-1)).toBeLessThan(stopWithinMs);
  expect(new Set(codes)).toEqual(new Set([0]));
  expect(heldLeases).toBe(0);
  // Else the stops met nothing.
  expect(cutCycles).toBeGreaterThan(stops / 10);
});

test('every change of status that was read is written down once', async () => {
  const told = await rows<{ account_id: string; from_code: number; to_code: number }>`
    select a.account_id, t.from_code, t.to_code from transitions t join accounts a on a.no = t.account_no
    where t.kind = 'status_changed' order by t.id`;
  const byAccount = (changes: { account_id: string }[]) =>
    changes.toSorted((one, other) => one.account_id.localeCompare(other.account_id));
  expect(byAccount(told)).toEqual(byAccount(books.changes));
  expect(told.length).toBeGreaterThan(stops / 2);
  expect(books.torn).toEqual([]);
});

test('every alert arrived, once', async () => {
  const { messages } = flow.slack;
  const alerts = await rows<{ id: number; deliveries: number }>`
    select alert_id as id, count(*) as deliveries from deliveries group by 1 order by 1`;
  expect(await rows`select distinct state from deliveries`).toEqual([{ state: 'sent' }]);
  for (const { id, deliveries } of alerts)
    expect(messages.filter(({ text }) => text.includes(`[${shortId(id)}]`)).length, `alert ${id}`).toBe(
      deliveries,
    );
  expect(messages.length).toBe(alerts.reduce((sum, { deliveries }) => sum + deliveries, 0));
});
