import { afterEach, expect, test } from 'vitest';
import { metaAccountSource } from '../../src/adapters/meta/account-source.ts';
import type { AccountId } from '../../src/domain/account.ts';
import { addDays, utcDay } from '../../src/domain/calendar.ts';
import type { Deps } from '../../src/server/house.ts';
import { readFigures } from '../../src/server/triggers.ts';
import { sweepStatus } from '../../src/services/poll/sweep-status.ts';
import { flowHouse, type FlowHouse } from '../flow-house.ts';
import { dice } from '../dice.ts';
import { narrowMeta, type NarrowMeta } from './narrow-meta.ts';
import { closedDays, figuresOf, slotMs } from './simulated-days.ts';
import { readHoursOfGraph, readTruth, type DayTruth } from './simulated-truth.ts';

/** The history of accounts that have just been connected: 90 days by day and 7 by hour, whatever comes in between. */

const seed = Number(process.env['HISTORY_SEED'] ?? 20_261_125);
const dayMs = 86_400_000;
// Every zone of the simulated markets has been in its day for more than three hours or will stay in it for longer.
const startAt = Date.parse('2026-11-24T14:00:00Z');
const today = utcDay(startAt);

let flow: FlowHouse | undefined;
let meta: NarrowMeta | undefined;
afterEach(async () => {
  await meta?.close();
  await flow?.close();
});

async function open(accounts: number): Promise<{ flow: FlowHouse; meta: NarrowMeta; deps: Deps }> {
  flow = await flowHouse({ startAt, accounts });
  meta = await narrowMeta(flow.simulator.graphUrl);
  const { clock } = flow;
  const random = dice(seed);
  const source = metaAccountSource(
    {
      ...{ baseUrl: meta.url, version: 'v26.0', token: 'history', appSecret: null },
      ...{ requestTimeoutMs: 10_000, requestsPerMinute: 100_000 },
    },
    { concurrency: 16, random: random.roll, sleep: async () => {} },
    () => clock.monotonicMs(),
  );
  return { flow, meta, deps: { ...flow.deps, sourceOf: async () => source } };
}

/** How the last 100 days of every account ended; asked from the oldest on, which is cheapest for the simulated world. */
async function truthOfDays(graphUrl: string): Promise<Map<string, DayTruth>> {
  const days = new Map<string, DayTruth>();
  for (let back = 100; back >= 0; back--)
    for (const [accountId, { yesterday }] of await readTruth(graphUrl, startAt - back * dayMs))
      days.set(`${accountId} ${yesterday.day}`, yesterday);
  return days;
}

interface Progress {
  days: number;
  hours: number;
  whole: number;
}

async function progressOf({ deps }: { deps: Deps }): Promise<Progress> {
  const [row] = await deps.database.sql<Progress>`
    select (select count(*) from account_days) as days, (select count(*) from account_hours) as hours,
      (select count(*) from particulars where history_from <= ${addDays(today, -90)} and hours_from <= ${addDays(today, -7)})
        as whole`;
  return row ?? { days: 0, hours: 0, whole: 0 };
}

async function compare({ flow, deps }: { flow: FlowHouse; deps: Deps }, days: Map<string, DayTruth>) {
  const { sql } = deps.database;
  const owners = await sql<{ account_id: AccountId; currency: string }>`
    select account_id, currency from accounts order by no`;
  const kept = new Map(
    (
      await sql<DayTruth & { key: string }>`
        select concat(a.account_id, ' ', d.day) as key, d.day, d.spend_minor, d.impressions, d.clicks, d.outbound_clicks
        from account_days d join accounts a on a.no = d.account_no where d.closed_at is not null`
    ).map(({ key, ...row }) => [key, row]),
  );
  const hours = new Map(
    (
      await sql<{ key: string; spend_minor: number; clicks: number; outbound_clicks: number }>`
        select concat(a.account_id, ' ', h.day, ' ', h.hour) as key, h.spend_minor, h.clicks, h.outbound_clicks
        from account_hours h join accounts a on a.no = h.account_no`
    ).map(({ key, ...row }) => [key, row]),
  );
  const differences: string[] = [];
  const counted = { days: 0, hours: 0 };
  const same = (key: string, row: object | undefined, truth: object) => {
    if (JSON.stringify(row) !== JSON.stringify(truth))
      differences.push(`${key}: ${JSON.stringify(row)}, not ${JSON.stringify(truth)}`);
  };
  for (const { account_id, currency } of owners) {
    for (const day of closedDays(addDays(today, -90), addDays(today, -1))) {
      counted.days += 1;
      const truth = days.get(`${account_id} ${day}`);
      if (truth === undefined) throw new Error(`no truth of ${account_id} ${day}`);
      const row = kept.get(`${account_id} ${day}`);
      // Meta leaves out days without delivery, and so does the history.
      if (row === undefined && truth.impressions === 0) continue;
      same(`${account_id} ${day}`, row, figuresOf(truth));
    }
    const range = { from: addDays(today, -7), to: addDays(today, -1) };
    const told = await readHoursOfGraph(flow.simulator.graphUrl, account_id, currency, range);
    counted.hours += told.size;
    for (const [hour, truth] of told)
      same(`${account_id} ${hour}`, hours.get(`${account_id} ${hour}`), truth);
  }
  return { differences: differences.slice(0, 10), ...counted };
}

test('ninety days and seven by hour are whole, although Meta refuses long stretches and the process is stopped', async () => {
  const house = await open(30);
  const { flow, meta, deps } = house;
  const days = await truthOfDays(flow.simulator.graphUrl);
  await sweepStatus(deps);
  meta.narrowness = { days: 9, hourlyDays: 2 };
  let stops = 0;
  let cycles = 0;
  for (; (await progressOf(house)).whole < 30; cycles++) {
    if (cycles > 60) throw new Error(`still ${JSON.stringify(await progressOf(house))}`);
    const stopping = new AbortController();
    // Every third process is stopped while stretches are on their way.
    if (cycles % 3 === 1) meta.onStretch = () => stopping.abort();
    const stoppable = { ...deps, stopSignal: stopping.signal };
    const outcome = await readFigures(stoppable);
    meta.onStretch = null;
    if (outcome.outcome === 'stopped') stops += 1;
    await flow.advance(slotMs);
  }
  const compared = await compare(house, days);
  console.log(
    `HISTORY_SEED=${seed}: whole after ${cycles} cycles with ${stops} stops; ${meta.asked} stretches asked, ${meta.refused} refused; ` +
      `${compared.days} days and ${compared.hours} hours compared`,
  );
  expect(compared.differences).toEqual([]);
  expect(compared).toMatchObject({ days: 30 * 90 });
  expect(stops).toBeGreaterThan(0);
  expect(meta.refused).toBeGreaterThan(30);
}, 120_000);

test('500 new accounts have their snapshot in every slot while their history is read', async () => {
  const house = await open(500);
  const { flow, meta, deps } = house;
  await sweepStatus(deps);
  const told: string[] = [];
  for (let cycle = 1; (await progressOf(house)).whole < 500; cycle++) {
    if (cycle > 30) throw new Error(`still ${JSON.stringify(await progressOf(house))}`);
    const at = await flow.clock.now();
    const startedMs = performance.now();
    const outcome = await readFigures(deps);
    const tookMs = Math.round(performance.now() - startedMs);
    const [row] = await deps.database.sql<{ due: number; filled: number }>`
      select count(*) as due, count(s.slot) as filled from latest l left join snapshots s on s.account_no = l.account_no
        and s.slot = extract(epoch from ${at}::timestamptz - '2020-01-01T00:00Z'::timestamptz)::int
      where l.state not in ('suspended', 'closing', 'closed')`;
    const { whole } = await progressOf(house);
    const calls = outcome.outcome === 'ran' ? outcome.report.countedCalls : 0;
    told.push(`${row?.filled}/${row?.due} snapshots, ${whole} histories, ${calls} calls, ${tookMs} ms`);
    expect(outcome.outcome).toBe('ran');
    expect(row?.filled, told.at(-1)).toBe(row?.due);
    // Long reads come in portions: no cycle is many times as long as another.
    expect(calls).toBeLessThan(5 * 500);
    await flow.advance(slotMs);
  }
  console.log(`slot by slot: ${told.join('; ')}`);
  const [left] = await deps.database.sql<{ unread: number }>`
    select count(*) as unread from particulars where history_from is null or hours_from is null`;
  expect(left?.unread).toBe(0);
  expect(meta.asked).toBeGreaterThan(1000);
}, 120_000);
