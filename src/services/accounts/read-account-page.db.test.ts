import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { AccountAsk } from '../../contract/account-page.ts';
import { ensurePartitions, slotSeconds } from '../../store/snapshots.ts';
import { addAccount, addDays, addTransition, manualClock, noon, stranger, viewer } from './fleet.fixture.ts';
import { readAccountHistory } from './read-account-history.ts';
import { readAccountPage } from './read-account-page.ts';

const hour = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();
const diedAt = noon - 2 * hour;
let store: TestDatabase;
let no: number;

beforeAll(async () => {
  store = await testDatabase();
  const { sql } = store.database;
  const latest = {
    ...{ state: 'suspended', status_code: 2, disable_reason: 1, state_since: iso(diedAt) },
    ...{
      state_since_source: 'meta',
      suspended_at: iso(diedAt),
      spend_minor: 4000,
      clicks: 100,
      outbound_clicks: 50,
    },
  };
  no = await addAccount(sql, { id: 'act_1', vendor: 'North', business: '7', latest });
  const since = iso(diedAt - 5 * hour);
  const dead = { state: 'suspended', status_code: 2, state_since: since, suspended_at: since };
  await addAccount(sql, { id: 'act_2', vendor: 'North', business: '8', latest: dead });
  await addAccount(sql, { id: 'act_3', latest: null });
  await sql`insert into particulars (account_no, history_from, closed_day, hours_from, hours_to, activities_read_at)
    values (${no}, '2026-08-01', '2026-11-23', '2026-11-17', '2026-11-23', ${noon})`;
  await addDays(sql, no, [
    ['2026-11-22', 10_000, 200],
    ['2026-11-23', 20_000, 400],
  ]);
  for (const at of [9, 10])
    await sql`insert into account_hours values (${no}, '2026-11-23', ${at}, 500, 10, 5)`;
  await ensurePartitions(sql, '2026-11-24', 1);
  // From 07:00 UTC on, which is 02:00 in New York; nothing between 08:00 and 09:00.
  for (let minute = 0; minute <= 180; minute += 5)
    if (minute <= 60 || minute >= 125)
      await sql`insert into snapshots (slot, account_no, spend_minor, clicks, outbound_clicks)
        values (${slotSeconds(noon - 5 * hour + minute * 60_000)}, ${no}, ${minute * 10}, ${minute}, ${minute})`;
  for (const [at, limit] of [
    [noon - 40 * hour, 40_000],
    [noon - 30 * hour, 60_000],
  ] as const)
    await sql`insert into standings (account_no, since, status_code, daily_limit_minor, daily_limit_source, spend_cap_source)
      values (${no}, ${at}, 1, ${limit}, 'meta', 'none')`;
  await addTransition(sql, no, 'discovered', noon - 60 * hour, { to_state: 'active', to_code: 1 });
  await addTransition(sql, no, 'daily_limit_changed', noon - 30 * hour, {
    from_minor: 40_000,
    to_minor: 60_000,
  });
  const grace = { from_state: 'active', from_code: 1, to_state: 'warning', to_code: 9 };
  await addTransition(sql, no, 'status_changed', noon - 11 * hour, grace);
  const ban = { from_state: 'warning', from_code: 9, to_state: 'suspended', to_code: 2 };
  await addTransition(sql, no, 'status_changed', diedAt + 48_000, { ...ban, occurred_at: iso(diedAt) });
  for (const [at, type, extra, words] of [
    [diedAt, 'ad_account_update_status', '{"new_value":2}', 'Account status updated'],
    [noon - 7 * hour, 'ad_review_declined', '{"ads":4}', 'Ad review declined'],
    [noon - 11 * hour, 'ad_account_billing_charge_failed', 'no json', 'Charge failed'],
  ] as const)
    await sql`insert into activities (account_no, occurred_at, event_type, extra, words, read_at)
      values (${no}, ${at}, ${type}, ${extra}, ${words}, ${noon})`;
  await sql`insert into notes (account_no, author, words, written_at) values (${no}, 'a@example.com', 'watch it', ${noon - 50 * hour})`;
  await sql`with a as (insert into alerts (key, kind, severity, title, body, opened_at)
    values ('k', 'account_suspended', 'critical', 'Account suspended', '', ${diedAt + 60_000}) returning id)
    insert into alert_accounts (alert_id, account_no) select id, ${no} from a`;
});
afterAll(() => store.drop());

const deps = () => ({
  database: store.database,
  clock: manualClock(),
  settings: { sweepMs: 60_000, metricsMs: 300_000 },
});
const page = (ask: Partial<AccountAsk> = {}) =>
  readAccountPage(deps(), viewer, 'act_1', { kind: null, before: null, ...ask });
const history = async (range: '24h' | '7d' | '90d') =>
  (await readAccountHistory(deps(), viewer, 'act_1', range))!;

test('the timeline is newest first, with both times, and tells nothing twice', async () => {
  const view = (await page())!;
  expect(view.timeline.items.map((item) => [item.source, item.at - noon, item.seenAt])).toEqual([
    ['alert', diedAt + 60_000 - noon, null],
    ['change', -2 * hour, diedAt + 48_000],
    ['log', -7 * hour, null],
    ['change', -11 * hour, null],
    ['log', -11 * hour, null],
    ['change', -30 * hour, null],
    ['note', -50 * hour, null],
    ['change', -60 * hour, null],
  ]);
  expect(view.timeline.olderThan).toBeNull();
  expect(view.openAlert).toEqual({ id: 1, title: 'Account suspended', isAcknowledged: false });
  expect(view.canWrite).toBe(false);
});

test.each([
  ['status', 3],
  ['limits', 1],
  ['log', 3],
  ['alerts', 1],
  ['notes', 1],
] as const)('of the kind %s it has %i', async (kind, count) => {
  expect((await page({ kind }))?.timeline.items).toHaveLength(count);
});

test('pages follow each other without a gap, also within one instant', async () => {
  const { sql } = store.database;
  for (let n = 0; n < 40; n++)
    await sql`insert into notes (account_no, author, words, written_at) values (${no}, 'a', ${`n${n}`}, ${noon - 70 * hour})`;
  const first = (await page({ kind: 'notes' }))!.timeline;
  const second = (await page({ kind: 'notes', before: first.olderThan }))!.timeline;
  expect([first.items.length, second.items.length, second.olderThan]).toEqual([30, 11, null]);
  expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(41);
  await sql`delete from notes where author = 'a'`;
});

test('the replay tells what came before the ban, and only that', async () => {
  const replay = (await page())!.replay!;
  expect(replay.diedAt - replay.from).toBe(72 * hour);
  expect(replay.spans.map(({ state, code, from, to }) => [state, code, from - noon, to - noon])).toEqual([
    ['active', 1, -60 * hour, -11 * hour],
    ['warning', 9, -11 * hour, -2 * hour],
  ]);
  expect(replay.rejected).toEqual([{ at: noon - 7 * hour, ads: 4 }]);
  expect(replay.payments).toEqual([{ at: noon - 11 * hour, isFailed: true, words: 'Charge failed' }]);
  expect(replay.siblings).toEqual([{ at: diedAt - 5 * hour, accountId: 'act_2', tie: 'vendor' }]);
  expect(replay.limits.map(({ minor }) => minor)).toEqual([40_000, 60_000]);
  const spent = new Map(replay.hours.map(({ at, spendMinor }) => [at - noon, spendMinor]));
  // An hour of the account-hours, one between snapshots, and one that nobody read.
  expect([spent.get(-22 * hour), spent.get(-5 * hour), spent.get(-4 * hour)]).toEqual([500, 600, null]);
});

test('a day is drawn from snapshots and, before them, from hours; what nobody read is named', async () => {
  const { points, unread, states, events } = await history('24h');
  expect(points.at).toEqual(points.at.toSorted((a, b) => a - b));
  expect(points.span.filter((span) => span === 300)).toHaveLength(25);
  expect(unread.map(({ from, to }) => [from - noon / 1000, to - noon / 1000])).toEqual([
    // Midnight in New York till the first snapshot, the hole, and what followed the last one.
    [-25_201, -18_300],
    [-14_400, -10_800],
    [-7200, 0],
  ]);
  expect(states.map(({ state, code }) => [state, code])).toEqual([
    ['active', 1],
    ['warning', 9],
    ['suspended', 2],
  ]);
  expect(events.map(({ kind }) => kind)).toEqual(['status', 'status']);
});

test('a week has the steps of the limit, and 90 days a truthful zero where Meta has no row', async () => {
  const week = await history('7d');
  expect(week.steps.limitMinor).toEqual([40_000, 60_000]);
  const { points } = await history('90d');
  expect(points.at).toHaveLength(90);
  expect(points.spendMinor.slice(-4)).toEqual([0, 10_000, 20_000, 4000]);
  expect(points.cpcMicro.slice(-4)).toEqual([null, 500_000, 500_000, 400_000]);
});

test('an account that nobody has read yet has a page without figures', async () => {
  const view = await readAccountPage(deps(), viewer, 'act_3', { kind: null, before: null });
  expect(view).toMatchObject({
    replay: null,
    card: { spendMinor: null, observedAt: null, state: 'unknown' },
  });
  const empty = (await readAccountHistory(deps(), viewer, 'act_3', '7d'))!;
  expect(empty.points.at).toEqual([]);
  expect(empty.unread).toHaveLength(1);
});

test('an unknown account has neither page nor history, and a stranger sees none', async () => {
  expect(await readAccountPage(deps(), viewer, 'act_9', { kind: null, before: null })).toBeNull();
  expect(await readAccountHistory(deps(), viewer, 'act_9', '7d')).toBeNull();
  const refused = { refusal: 'forbidden' };
  await expect(
    readAccountPage(deps(), stranger, 'act_1', { kind: null, before: null }),
  ).rejects.toMatchObject(refused);
  await expect(readAccountHistory(deps(), stranger, 'act_1', '7d')).rejects.toMatchObject(refused);
});
