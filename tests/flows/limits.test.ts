import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tokenMark } from '../../simulator/token-hash.ts';
import type { CycleOutcome } from '../../src/services/poll/run-cycle.ts';
import { pollMetrics } from '../../src/services/poll/poll-metrics.ts';
import { sweepStatus } from '../../src/services/poll/sweep-status.ts';
import { slotSeconds } from '../../src/store/snapshots.ts';
import { graphHouse, minuteMs, type GraphHouse } from '../graph-house.ts';

/** Meta's limits, from the percentages and errors that it tells to the calls that it counts afterwards. */

const startAt = Date.parse('2026-11-24T15:00:05Z');
const slotMs = 5 * minuteMs;
const tokens = { Alpha: 'sim-1-of-2', Other: 'sim-2-of-2' } as const;
type Name = keyof typeof tokens;

let house: GraphHouse;
let limited: string;
let free: string;
afterEach(() => house.close());

async function nextSlot(after = 0): Promise<void> {
  await house.moveTo((Math.floor((house.now() + after) / slotMs) + 1) * slotMs + 5_000);
}

interface Calls {
  ads_insights: number;
  ads_management: number;
}
interface Totals {
  calls: number;
  by_token: Record<string, { calls: number }>;
  by_account: Record<string, Calls>;
}
const noCalls: Calls = { ads_insights: 0, ads_management: 0 };
const stats = async () => (await house.meta.control('GET', '/stats')).json as unknown as Totals;
const callsOf = async (account: string) => (await stats()).by_account[account.slice(4)] ?? noCalls;
const callsBy = async (name: Name) => (await stats()).by_token[tokenMark(tokens[name])]?.calls ?? 0;
const forgetCalls = () => house.meta.control('POST', '/stats/reset');

async function round(): Promise<CycleOutcome> {
  await house.sweep();
  return house.poll();
}

/** Some slots, each with a sweep and a cycle; answers what each cycle said. */
async function live(slots: number): Promise<CycleOutcome[]> {
  const said: CycleOutcome[] = [];
  for (let n = 0; n < slots; n++) {
    said.push(await round());
    await nextSlot();
  }
  return said;
}

/** A rest that Meta asks for is nobody's failure. */
async function expectNoFailure(said: CycleOutcome[]): Promise<void> {
  for (const one of said) expect(one).toMatchObject({ outcome: 'ran', report: { isDegraded: false } });
  expect(await house.rows`select kind from alerts where connection_id is not null`).toEqual([]);
  expect(await house.rows`select failure from latest where failure is not null`).toEqual([]);
  expect(await house.rows`select state, failed_cycles from connections group by 1, 2`).toEqual([
    { state: 'ok', failed_cycles: 0 },
  ]);
}

const heldIn = (said: CycleOutcome[]) =>
  said.reduce((sum, one) => sum + (one.outcome === 'ran' ? one.report.held : 0), 0);

beforeEach(async () => {
  house = await graphHouse({ startAt, accounts: 12 });
  for (const name of Object.keys(tokens) as Name[]) await house.add(name, tokens[name]);
  // What is read once is read by then.
  await live(3);
  const rows = await house.rows<{ id: string }>`
    select a.account_id as id from accounts a join latest l on l.account_no = a.no join connections c on c.id = a.connection_id
    where c.name = 'Alpha' and l.state = 'active' order by a.no`;
  [limited, free] = [rows[0]?.id ?? '', rows[1]?.id ?? ''];
});

describe('percentages of one account', () => {
  /** What an account's calls come to in forty minutes without limits: 8 of today, ads every quarter of an hour. */
  async function fortyMinutes(percent: number, more: object = {}) {
    await house.scenario({ kind: 'usage', percent, account_ids: [limited], ...more });
    // This round is told of it.
    await round();
    await nextSlot();
    await forgetCalls();
    const said = await live(8);
    return { said, own: await callsOf(limited), other: await callsOf(free) };
  }

  test('at 76% it is read half as often, the others as before', async () => {
    const { said, own, other } = await fortyMinutes(76);
    console.log('76%', own, 'beside', other);
    expect(own.ads_insights).toBe(4);
    expect(other.ads_insights).toBe(8);
    // Ads every half an hour instead of every quarter, three counts each time; what is hourly, once at most.
    expect([3, 6]).toContain(own.ads_management - (own.ads_management % 3));
    expect(heldIn(said)).toBe(4);
    await expectNoFailure(said);
  });

  test('at 92% nothing but its status, and a careful call when nothing was heard for five minutes', async () => {
    const { said, own, other } = await fortyMinutes(92);
    console.log('92%', own, 'beside', other);
    // A slot is five minutes: every other one is more than that after what was heard last.
    expect(own.ads_insights).toBeGreaterThan(0);
    expect(own.ads_insights).toBeLessThanOrEqual(4);
    expect(other.ads_insights).toBe(8);
    expect(
      await house.rows`select 1 from latest l join accounts a on a.no = l.account_no
        where a.account_id = ${limited} and l.observed_at > ${house.now() - 6 * minuteMs}::timestamptz`,
    ).toHaveLength(1);
    await expectNoFailure(said);
  });

  test('at 100% silence until the told time', async () => {
    const { said, own, other } = await fortyMinutes(100, { regain_minutes: 30 });
    console.log('100%', own, 'beside', other);
    // Half an hour and up to a tenth more: one call in the last slots, which is told the same again.
    expect(own.ads_insights).toBeLessThanOrEqual(1);
    expect(own.ads_insights + own.ads_management).toBeLessThanOrEqual(12);
    expect(other.ads_insights).toBe(8);
    expect(heldIn(said)).toBeGreaterThanOrEqual(6);
    await expectNoFailure(said);
    const [pause] = await house.rows<{ ms: number }>`
      select extract(epoch from until - set_at) * 1000 as ms from pauses where scope = ${`${limited}:ads_insights`}`;
    expect(Number(pause?.ms)).toBeGreaterThanOrEqual(30 * minuteMs);
    expect(Number(pause?.ms)).toBeLessThanOrEqual(33 * minuteMs);
  });

  test('one bucket at 100% leaves the other alone', async () => {
    const { own, other } = await fortyMinutes(100, { bucket: 'ads_insights', regain_minutes: 60 });
    expect(own.ads_insights).toBe(0);
    // Ads are read every quarter of an hour, three counts each time, whatever else is due.
    expect([own.ads_management >= 6, other.ads_management >= 6]).toEqual([true, true]);
  });
});

describe('percentages of the app', () => {
  test('at 92% no figures of anybody, and the statuses go on', async () => {
    await house.scenario({ kind: 'usage', percent: 92, scope: 'app' });
    await round();
    await nextSlot();
    await forgetCalls();
    const said: CycleOutcome[] = [];
    for (let n = 0; n < 20; n++) {
      said.push(await house.sweep());
      if (n % 5 === 0) await house.poll();
      await house.advance(minuteMs);
    }
    const { by_account } = await stats();
    // Lists are heard every minute, so that the percentage never grows old.
    expect(Object.values(by_account).reduce((sum, one) => sum + one.ads_insights, 0)).toBe(0);
    for (const name of Object.keys(tokens) as Name[]) expect(await callsBy(name)).toBe(20);
    await expectNoFailure(said);
  });

  test('insights of the app at 100%: no insights for a minute, everything else as ever', async () => {
    await house.scenario({ kind: 'usage', percent: 100, scope: 'app_insights' });
    await round();
    const pauses = await house.rows<{
      scope: string;
    }>`select scope from pauses where until > ${house.now()}::timestamptz`;
    expect(pauses).toEqual([{ scope: 'insights:meta' }]);
    await house.advance(30_000);
    await forgetCalls();
    const second = house.secondProcess();
    await sweepStatus(second);
    expect((await stats()).calls).toBe(0);
    await expectNoFailure([]);
  });
});

describe('refusals', () => {
  test.each([
    [80000, {}, 'insights'],
    [80004, {}, 'rest'],
    [17, {}, 'account'],
    [613, {}, 'account'],
    [4, { scope: 'app', subcode: 1504022 }, 'app insights'],
    [4, { scope: 'app' }, 'app'],
    [17, { scope: 'app', subcode: 0, token: tokens.Alpha }, 'token'],
  ] as const)('%d %j is followed by silence for as long as was told: %s', async (code, more, what) => {
    const isAll = what.startsWith('app') || what === 'token';
    await house.scenario({
      kind: 'throttling',
      code,
      regain_minutes: 18,
      ...(isAll ? {} : { account_ids: [limited] }),
      ...more,
    });
    const first = await round();
    await nextSlot();
    await forgetCalls();
    const said = [first, ...(await live(3))];
    const [own, beside, alpha, other] = await Promise.all([
      callsOf(limited),
      callsOf(free),
      callsBy('Alpha'),
      callsBy('Other'),
    ]);
    console.log(code, JSON.stringify(more), own, 'beside', beside, 'Alpha', alpha, 'Other', other);
    const goesOn = { insights: what === 'rest', rest: what === 'insights' || what === 'app insights' };
    expect(own.ads_insights).toBe(goesOn.insights ? 3 : 0);
    expect(own.ads_management > 0).toBe(goesOn.rest);
    if (!isAll) expect(beside.ads_insights).toBe(3);
    if (what === 'app') expect([alpha, other]).toEqual([0, 0]);
    if (what === 'token') {
      expect(alpha).toBe(0);
      expect(other).toBeGreaterThan(3);
    }
    await expectNoFailure(said);
    // The block is over, and so is the rest.
    await house.scenario({ kind: 'back_to_normal' });
    await nextSlot(20 * minuteMs);
    await forgetCalls();
    await round();
    expect((await callsOf(limited)).ads_insights).toBeGreaterThan(0);
    await expectNoFailure([]);
  });

  test('a second process keeps to what the first was told', async () => {
    const second = house.secondProcess();
    await house.scenario({ kind: 'throttling', code: 80000, regain_minutes: 12, account_ids: [limited] });
    await round();
    await nextSlot();
    await forgetCalls();
    for (let n = 0; n < 2; n++) {
      await sweepStatus(second);
      const said = await pollMetrics(second);
      expect(said).toMatchObject({ outcome: 'ran', report: { held: 1, isDegraded: false } });
      await nextSlot();
    }
    expect((await callsOf(limited)).ads_insights).toBe(0);
    expect((await callsOf(free)).ads_insights).toBe(2);
    await expectNoFailure([]);
  });
});

test('our own ceiling stops one connection for the minute, with an alert, and nobody else', async () => {
  await house.close();
  house = await graphHouse({ startAt, accounts: 120, settings: { META_REQUESTS_PER_MINUTE: '10' } });
  // Eight accounts are the first one's; all others the second's, whose first cycle is more than the ceiling allows.
  const few = await house.add('Few', 'sim-1-of-15');
  await house.sweep();
  await house.advance(minuteMs);
  const many = await house.add('Many', 'sim-1-of-1');
  await house.sweep();
  await house.poll();
  const open = () =>
    house.rows`select connection_id as id, kind from alerts where kind = 'ceiling_reached' and resolved_at is null`;
  expect(await open()).toEqual([{ id: many, kind: 'ceiling_reached' }]);
  const requests = (
    (await house.meta.control('GET', '/stats')).json as unknown as {
      by_token: Record<string, { requests: number }>;
    }
  ).by_token[tokenMark('sim-1-of-1')]?.requests;
  // The token was vetted once, in the same minute, by a client of its own.
  expect(requests).toBe(11);
  const slot = slotSeconds(Math.floor(house.now() / slotMs) * slotMs);
  const unread = await house.rows`
    select 1 from accounts a join latest l on l.account_no = a.no where a.connection_id = ${few} and l.state = 'active'
      and not exists (select from snapshots s where s.account_no = a.no and s.slot = ${slot})`;
  expect(unread).toEqual([]);
  for (let n = 0; n < 6; n++) {
    await nextSlot();
    await round();
  }
  expect(await open()).toEqual([]);
});
