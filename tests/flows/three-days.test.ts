import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AccountId } from '../../src/domain/account.ts';
import { addDays, zoneDays } from '../../src/domain/calendar.ts';
import { readHistory } from '../../src/services/accounts/read-history.ts';
import { slotInstant } from '../../src/store/snapshots.ts';
import { dice, isLong, type Dice } from '../dice.ts';
import { flowHouse, type FlowHouse } from '../flow-house.ts';
import { operator } from '../members-house.ts';
import { closedDays, figuresOf, SimulatedDays, slotMs, type ExpectedSnapshot } from './simulated-days.ts';
import { readHoursOfGraph, readLogOfGraph } from './simulated-truth.ts';

/**
 * Three days of every currency and zone, with clocks that change, triggers that come late, twice or not at all, a cycle that
 * overruns its slot, hours without the process, and a Meta that fails: what the books say is what the world was.
 */

const seed = Number(process.env['DAYS_SEED'] ?? 20_261_124);
const accounts = isLong ? 60 : 30;
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const faults = { error_rate: 0.04, timeout_rate: 0.001, half_open_rate: 0.002, item_error_rate: 0.02 };
const requestTimeoutMs = 700;
const settledAfterMs = 3 * hourMs;

interface Course {
  name: string;
  startAt: string;
  /** Hours after the start at which the process stops, and for how many. */
  pause: { after: number; hours: number };
  /** Minutes after the start of a slot that ends while its answers are on their way. */
  overrunAfter: number;
}

const courses: Course[] = [
  // Berlin, London, Madrid, Paris and Warsaw have 25 hours on the 25th; the overrun crosses midnight in New York.
  {
    ...{ name: 'autumn in Europe', startAt: '2026-10-24T09:00:00Z' },
    ...{ pause: { after: 15, hours: 5 }, overrunAfter: 42 * 60 + 55 },
  },
  // America has 23 hours on the 14th. Whoever sleeps for 31 hours misses the end of two days.
  {
    ...{ name: 'spring in America', startAt: '2027-03-13T01:00:00Z' },
    ...{ pause: { after: 31, hours: 31 }, overrunAfter: 26 * 60 + 55 },
  },
];

// One of them is enough for each day's check; both are played by `npm run test:long`.
describe.each(isLong ? courses : courses.slice(1))('$name', (course) => {
  const startAt = Date.parse(course.startAt);
  const endAt = startAt + 3 * dayMs;
  let flow: FlowHouse;
  let days: SimulatedDays;
  let tookMs = 0;

  beforeAll(async () => {
    flow = await flowHouse({ startAt, accounts });
    const random = dice(seed);
    // Dice of its own: how often the source throws them depends on the faults, and the course must not.
    days = new SimulatedDays(flow, { requestTimeoutMs, random: dice(seed + 1).roll });
    const startedMs = performance.now();
    await walk(course, days, random);
    tookMs = performance.now() - startedMs;
    await days.closeDays(startAt);
  }, 1_200_000);
  afterAll(() => flow?.close());

  const sql = <Row extends object>(text: TemplateStringsArray, ...values: (string | number)[]) =>
    flow.database.database.sql<Row>(text, ...values);

  test('the newest figures of every account were the world at every reading', () => {
    const { due, read } = days.filled;
    console.log(
      `DAYS_SEED=${seed} ${course.name}: ${days.tookMs.size} readings of ${accounts} accounts in ${Math.round(tookMs / 1000)} s, ` +
        `${days.comparisons} comparisons, ${read} of ${due} figures came`,
    );
    expect(days.differences.slice(0, 10)).toEqual([]);
    expect(days.comparisons).toBeGreaterThan(500 * accounts);
    // The faults leave gaps; what they leave must stay small, else the rest of this file proves little.
    expect(read / due).toBeGreaterThan(0.98);
  });

  test('every snapshot is there once and was the world', async () => {
    const rows = await sql<{ account_id: AccountId; slot: number }>`
      select a.account_id, s.slot from snapshots s join accounts a on a.no = s.account_no`;
    expect(rows.map(({ account_id, slot }) => `${slotInstant(slot)} ${account_id}`).sort()).toEqual(
      [...days.snapshots.keys()].sort(),
    );
    const before = days.differences.length;
    for (const [accountId, { standings }] of days.seen) {
      const told = await readHistory(days.deps, operator, accountId, {
        ...{ from: startAt, to: endAt + dayMs, every: '5m' },
      });
      const expected = [...days.snapshots.values()]
        .filter((one) => one.accountId === accountId)
        .sort((one, other) => one.slotAt - other.slotAt);
      days.same(`snapshots of ${accountId}`, told?.data.length, expected.length);
      expected.forEach((snapshot, n) => {
        const standing = standings.findLast(({ at }) => at <= snapshot.slotAt)?.standing;
        const truth = toTold(snapshot);
        const kept = told?.data[n];
        days.same(`${accountId} in its history`, pick(kept, truth), truth);
        const standingTruth = {
          account_status: standing?.status_code ?? null,
          daily_limit_source: standing?.daily_limit_source ?? 'unknown',
          spend_cap_source: standing?.spend_cap_source ?? 'unknown',
          daily_limit: amount(standing?.daily_limit_minor ?? null, snapshot.currency),
          spend_cap: amount(standing?.spend_cap_minor ?? null, snapshot.currency),
          ...{ active_ads: standing?.active_ads ?? null, total_ads: standing?.total_ads ?? null },
        };
        days.same(
          `${accountId} as it stood at ${truth.snapshot_time}`,
          pick(kept, standingTruth),
          standingTruth,
        );
      });
    }
    console.log(`${course.name}: ${days.snapshots.size} snapshots, ${days.comparisons} comparisons by now`);
    expect(days.differences.slice(before, before + 10)).toEqual([]);
  });

  test('every closed account-day and its hours are what the world spent', async () => {
    const zoneOf = zoneDays(await flow.clock.now());
    const owners = await sql<{ account_id: AccountId; currency: string; timezone: string }>`
      select account_id, currency, timezone from accounts order by no`;
    const kept = await sql<{ key: string; live_spend_minor: number | null; live_at: number | null }>`
      select concat(a.account_id, ' ', d.day) as key, d.day, d.spend_minor, d.impressions, d.clicks, d.outbound_clicks,
        d.live_spend_minor, d.live_at
      from account_days d join accounts a on a.no = d.account_no where d.closed_at is not null`;
    const byKey = new Map(kept.map(({ key, ...row }) => [key, row]));
    const hours = await sql<{ key: string; hour: number; spend_minor: number }>`
      select concat(a.account_id, ' ', h.day) as key, h.hour, h.spend_minor, h.clicks, h.outbound_clicks
      from account_hours h join accounts a on a.no = h.account_no`;
    const before = days.differences.length;
    let closed = 0;
    for (const { account_id, currency, timezone } of owners) {
      const { day: today, elapsedMs } = zoneOf(timezone);
      const last = addDays(today, elapsedMs >= settledAfterMs ? -1 : -2);
      const first = addDays(zoneDays(startAt)(timezone).day, -1);
      const graph = await readHoursOfGraph(flow.simulator.graphUrl, account_id, currency, {
        from: first,
        to: last,
      });
      for (const day of closedDays(first, last)) {
        closed += 1;
        const key = `${account_id} ${day}`;
        const truth = days.days.get(key);
        if (truth === undefined) throw new Error(`no truth of ${key}`);
        const row = byKey.get(key);
        days.same(`closed day ${key}`, row === undefined ? null : pick(row, truth), figuresOf(truth));
        const live = days.seen.get(account_id)?.live.get(day);
        days.same(`last live figure of ${key}`, row?.live_spend_minor ?? null, live?.spendMinor ?? null);
        days.same(`last live reading of ${key}`, row?.live_at ?? null, live?.at ?? null);
        const own = hours.filter((hour) => hour.key === key);
        const told = [...graph].filter(([hour]) => hour.startsWith(`${day} `));
        days.same(`hours of ${key}`, own.length, told.length);
        for (const [hour, figures] of told) {
          const found = own.find((one) => `${day} ${one.hour}` === hour);
          days.same(`hour ${account_id} ${hour}`, found === undefined ? null : pick(found, figures), figures);
        }
        days.same(
          `sum of the hours of ${key}`,
          own.reduce((sum, { spend_minor }) => sum + spend_minor, 0),
          truth.spend_minor,
        );
      }
    }
    console.log(`${course.name}: ${closed} closed account-days, ${days.comparisons} comparisons by now`);
    expect(days.differences.slice(before, before + 10)).toEqual([]);
  });

  test('every change of status is there once, with the moment that the log names', async () => {
    const before = days.differences.length;
    let changes = 0;
    for (const [accountId, { statuses }] of days.seen) {
      const log = await readLogOfGraph(flow.simulator.graphUrl, accountId, startAt - 8 * dayMs);
      const told = await sql<{ from_code: number; detected_at: number; occurred_at: number | null }>`
        select from_code, to_code, detected_at, occurred_at from transitions t join accounts a on a.no = t.account_no
        where t.kind = 'status_changed' and a.account_id = ${accountId} order by t.id`;
      const expected = statuses.flatMap(({ at, status }, n) => {
        const old = statuses[n - 1];
        return old === undefined || old.status === status
          ? []
          : [{ from_code: old.status, to_code: status, detected_at: at, since: old.at }];
      });
      changes += expected.length;
      days.same(
        `changes of ${accountId}`,
        told.map(({ occurred_at: _, ...change }) => change),
        expected.map(({ since: _, ...change }) => change),
      );
      expected.forEach(({ since, detected_at }, n) => {
        const event = log.findLast(
          ({ event_type, at }) =>
            event_type === 'ad_account_update_status' && at > since - 60_000 && at <= detected_at,
        );
        const apartMs = Math.abs((told[n]?.occurred_at ?? Infinity) - (event?.at ?? NaN));
        days.same(
          `moment of change ${n} of ${accountId}: ${told[n]?.occurred_at}, the log says ${event?.at}`,
          apartMs <= 60_000,
          true,
        );
      });
    }
    console.log(`${course.name}: ${changes} changes of status`);
    expect(days.differences.slice(before, before + 10)).toEqual([]);
    expect(changes).toBeGreaterThan(10);
  });

  test('every entry of the activity log is kept once', async () => {
    const before = days.differences.length;
    let entries = 0;
    for (const accountId of days.seen.keys()) {
      const [read] = await sql<{ at: number }>`
        select p.activities_read_at as at from particulars p join accounts a on a.no = p.account_no
        where a.account_id = ${accountId}`;
      const kept = await sql<{ entry: string }>`
        select concat_ws(' ', e.event_type, extract(epoch from e.occurred_at)::int8, e.extra) as entry
        from activities e join accounts a on a.no = e.account_no where a.account_id = ${accountId}`;
      const log = (await readLogOfGraph(flow.simulator.graphUrl, accountId, startAt - 7 * dayMs)).filter(
        ({ at }) => at <= (read?.at ?? 0),
      );
      entries += log.length;
      days.same(
        `log of ${accountId}`,
        kept.map(({ entry }) => entry).sort(),
        log.map(({ event_type, at, extra }) => `${event_type} ${at / 1000} ${extra}`).sort(),
      );
    }
    console.log(`${course.name}: ${entries} entries of the log, ${days.comparisons} comparisons in all`);
    expect(days.differences.slice(before, before + 10)).toEqual([]);
    expect(entries).toBeGreaterThan(accounts);
  });
});

/** Walks through the course's slots; ends with an hour and a quarter in which Meta is well, so that all that waits is read. */
async function walk(course: Course, days: SimulatedDays, random: Dice): Promise<void> {
  const startAt = Date.parse(course.startAt);
  const pauseAt = startAt + course.pause.after * hourMs;
  const overrunAt = startAt + course.overrunAfter * 60_000;
  const endAt = startAt + 3 * dayMs;
  const quietAt = endAt - 75 * 60_000;
  await days.read(startAt);
  await days.flow.scenario({ kind: 'faults', seed, ...faults });
  for (let slotAt = startAt + slotMs; slotAt < endAt; slotAt += slotMs) {
    if (slotAt >= pauseAt && slotAt < pauseAt + course.pause.hours * hourMs) continue;
    if (slotAt === quietAt) await days.flow.scenario({ kind: 'faults' });
    if (slotAt === overrunAt) {
      await days.flow.scenario({ kind: 'faults' });
      await days.overrun(slotAt + 4 * 60_000, slotAt + slotMs + 70_000);
      await days.flow.scenario({ kind: 'faults', seed, ...faults });
      slotAt += slotMs;
      continue;
    }
    if (slotAt < quietAt && random.roll() < 0.05) await happen(days, random);
    const draw = random.roll();
    if (draw < 0.04) continue;
    const lateMs = draw < 0.1 ? random.below(280) * 1000 : 0;
    const sweeps = isLong || (slotAt / slotMs) % 3 === 0;
    await days.read(slotAt + lateMs, draw > 0.97 ? 3 : draw > 0.9 ? 2 : 1, sweeps);
  }
}

/** Something befalls some accounts at a moment between two slots. */
async function happen(days: SimulatedDays, random: Dice): Promise<void> {
  const { flow } = days;
  const now = await flow.clock.now();
  await days.moveTo(now + random.below(slotMs - (now % slotMs) - 1000));
  const ids = [...days.seen.keys()];
  const some = ids.filter(() => random.roll() < 0.1);
  const account_ids = some.length > 0 ? some : ids.slice(0, 1);
  const things = [
    { kind: 'ban_wave', account_ids },
    { kind: 'set_status', account_ids, account_status: 1 },
    { kind: 'set_status', account_ids, account_status: 3 },
    { kind: 'cut_limit', account_ids, factor: 0.8 },
    { kind: 'limit_unreadable', account_ids, answer: random.roll() < 0.5 ? 'absent' : 'rejected' },
    { kind: 'reset_amount_spent', account_ids: account_ids.slice(0, 1) },
    { kind: 'set_status', account_ids, account_status: 1 },
    { kind: 'close_account', account_ids: account_ids.slice(0, 1) },
  ];
  await flow.scenario(random.pick(things));
}

const amount = (minor: number | null, currency: string) => (minor === null ? null : { minor, currency });

function toTold({ slotAt, currency, figures, amountSpentMinor, balanceDueMinor }: ExpectedSnapshot) {
  const perMajor = ['JPY', 'KRW', 'VND', 'IDR'].includes(currency) ? 1 : 100;
  const { spend_minor, clicks, outbound_clicks } = figures;
  return {
    ...{ snapshot_time: new Date(slotAt).toISOString(), spend_today: amount(spend_minor, currency) },
    ...{ amount_spent: amount(amountSpentMinor, currency), balance_due: amount(balanceDueMinor, currency) },
    ...{ clicks, outbound_clicks },
    cpc: clicks === 0 ? null : String(Number((spend_minor / perMajor / clicks).toFixed(6))),
  };
}

function pick(row: object | undefined, like: object): object {
  const all = (row ?? {}) as Record<string, unknown>;
  return Object.fromEntries(Object.keys(like).map((key) => [key, all[key]]));
}
