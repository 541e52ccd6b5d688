import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { AnalyticsAsk } from '../../contract/analytics.ts';
import { addDays as later } from '../../domain/calendar.ts';
import {
  addAccount,
  addTransition,
  dayMs,
  type GivenAccount,
  manualClock,
  noon,
  stranger,
  viewer,
} from './fleet.fixture.ts';
import { readAnalytics } from './read-analytics.ts';

let store: TestDatabase;
beforeAll(async () => {
  store = await testDatabase();
});
afterAll(() => store.drop());
beforeEach(() => store.database.script('truncate accounts, connections, vendors cascade'));

const read = (ask: Partial<AnalyticsAsk> = {}) =>
  readAnalytics({ database: store.database, clock: manualClock() }, viewer, {
    by: 'vendor',
    days: 30,
    ...ask,
  });
const add = (given: GivenAccount) => addAccount(store.database.sql, given);
const today = '2026-11-24';

interface GivenDay {
  ago: number;
  spend: number;
  clicks?: number;
  outbound?: number;
}

/** Closed days, `ago` days before the day that runs. */
async function days(no: number, given: GivenDay[]): Promise<void> {
  for (const { ago, spend, clicks = 0, outbound = 0 } of given)
    await store.database.sql`
      insert into account_days (account_no, day, spend_minor, impressions, clicks, outbound_clicks, read_at, closed_at)
      values (${no}, ${later(today, -ago)}, ${spend}, 0, ${clicks}, ${outbound}, ${noon}, ${noon})`;
}

async function limit(no: number, since: string, minor: number | null, code = 1): Promise<void> {
  await store.database.sql`
    insert into standings (account_no, since, status_code, daily_limit_minor, daily_limit_source, spend_cap_source)
    values (${no}, ${since}, ${code}, ${minor}, ${minor === null ? 'unknown' : 'meta'}, 'none')`;
}

const died = (no: number, agoDays: number) =>
  addTransition(store.database.sql, no, 'status_changed', noon - agoDays * dayMs, {
    from_code: 1,
    to_code: 2,
  });

describe('analytics', () => {
  it('is empty on the first day', async () => {
    expect(await read()).toMatchObject({
      accounts: 0,
      closedUntil: null,
      trends: [],
      vendors: [],
      findings: [],
    });
    await add({ id: 'act_1', vendor: 'North' });
    const view = await read();
    expect(view).toMatchObject({ accounts: 1, closedUntil: null, closedDays: 0, trends: [] });
    expect(view.vendors).toMatchObject([{ vendor: 'North', accountsNow: 1, rate: null }]);
  });

  it('is refused to a role that the table does not know', async () => {
    await expect(
      readAnalytics({ database: store.database, clock: manualClock() }, stranger, { by: 'vendor', days: 7 }),
    ).rejects.toMatchObject({ refusal: 'forbidden' });
  });
});

describe('trends', () => {
  it('are summed by day and group within one currency, the day that runs marked as unfinished', async () => {
    const live = { spend_minor: 500, clicks: 5, outbound_clicks: 3, day: today };
    const [a, b, c] = [
      await add({ id: 'act_1', vendor: 'North', latest: live }),
      await add({ id: 'act_2', vendor: 'North', latest: { day: today } }),
      await add({ id: 'act_3', vendor: 'South', latest: { day: today } }),
    ];
    const d = await add({ id: 'act_4', vendor: 'South', currency: 'EUR', latest: { day: today } });
    await days(a, [
      { ago: 1, spend: 1000, clicks: 20, outbound: 10 },
      { ago: 3, spend: 3000, clicks: 30, outbound: 15 },
    ]);
    await days(b, [{ ago: 1, spend: 500, clicks: 5, outbound: 5 }]);
    await days(c, [{ ago: 2, spend: 700, clicks: 7, outbound: 7 }]);
    await days(d, [
      { ago: 40, spend: 9999 },
      { ago: 1, spend: 50, clicks: 1 },
    ]);
    const { trends, closedDays, closedUntil, unconfirmedDays } = await read({ days: 7 });
    expect({ closedDays, closedUntil, unconfirmedDays }).toEqual({
      ...{ closedDays: 5, closedUntil: '2026-11-23', unconfirmedDays: 0 },
    });
    expect(trends.map(({ currency, accounts }) => [currency, accounts])).toEqual([
      ['USD', 3],
      ['EUR', 1],
    ]);
    const [usd] = trends;
    expect(usd?.days.slice(usd.unfinishedFrom)).toEqual([today]);
    expect(usd?.lines.map(({ name }) => name)).toEqual(['North', 'South']);
    // Before the first day that is known nothing is; behind it a missing day is a zero.
    expect(usd?.lines[0]?.days.map((day) => day?.spendMinor ?? null)).toEqual([
      ...[null, null, null, null, 3000, 0, 1500, 500],
    ]);
    expect(usd?.lines[0]?.total).toEqual({ spendMinor: 4500, clicks: 55, outboundClicks: 30, accounts: 3 });
    expect(usd?.total.spendMinor).toBe(5200);
  });

  it('follow the switch: by connection, or all of a currency together', async () => {
    const a = await add({ id: 'act_1', vendor: 'North', connection: 'one' });
    const b = await add({ id: 'act_2', vendor: 'South', connection: 'two' });
    await days(a, [{ ago: 1, spend: 10 }]);
    await days(b, [{ ago: 1, spend: 20 }]);
    const names = async (by: AnalyticsAsk['by']) =>
      (await read({ by })).trends.flatMap(({ lines }) => lines.map(({ name }) => name));
    expect(await names('connection')).toEqual(['two', 'one']);
    expect(await names('currency')).toEqual(['All accounts in USD']);
  });
});

describe("a vendor's record", () => {
  it('agrees with a count by hand', async () => {
    const added = { vendor: 'North', addedAt: noon - 50 * dayMs };
    // Watched alive for 50, 20, 10 + 0 and 30 days; one was found dead.
    await add({ id: 'act_1', ...added });
    await died(await add({ id: 'act_2', ...added, addedAt: noon - 30 * dayMs, latest: down(4000) }), 10);
    await died(await add({ id: 'act_3', ...added, addedAt: noon - 60 * dayMs, latest: down(6000) }), 50);
    const back = await add({ id: 'act_4', ...added, addedAt: noon - 30 * dayMs });
    await died(back, 5);
    await addTransition(store.database.sql, back, 'status_changed', noon - 4 * dayMs, {
      from_code: 2,
      to_code: 1,
    });
    const found = await add({ id: 'act_5', ...added, latest: down(9000) });
    await addTransition(store.database.sql, found, 'discovered', noon - 50 * dayMs, { to_code: 2 });
    await add({ id: 'act_6', ...added, addedAt: noon - 40 * dayMs, archivedAt: noon - 35 * dayMs });
    const [north] = (await read({ days: 90 })).vendors;
    expect(north).toMatchObject({
      ...{ vendor: 'North', accountsNow: 5, accountsEver: 6, foundDead: 1, returns: 1 },
      ...{ deaths: 2, lives: 5, lifeDeaths: 2 },
      spendBeforeDeath: [{ currency: 'USD', medianMinor: 6000, accounts: 3 }],
    });
    expect(north?.watchedDays).toBeCloseTo(50 + 20 + 10 + 30 + 5, 6);
    expect(north?.rate?.value).toBeCloseTo((2 / 115) * 100, 6);
    // At risk: of five lives (5+, 10, 20, 30+, 50+) four reach the tenth day, three the twentieth.
    expect(north?.curve.map(({ days: at, share }) => [at, share])).toEqual([
      [10, 0.75],
      [20, 0.5],
    ]);
    expect(north?.medianLifeDays).toBe(20);
    // In the last 30 days: 30 + 20 + 30, one death; too few days for a rate.
    const [lately] = (await read()).vendors;
    expect(lately).toMatchObject({ deaths: 1, rate: null, lives: 5 });
    expect(lately?.watchedDays).toBeCloseTo(80, 6);
  });

  it('uses the limit in force when each day ended, and leaves out days without one and days that ended dead', async () => {
    const no = await add({ id: 'act_1', vendor: 'North' });
    await limit(no, '2026-11-20T12:00:00Z', 1000);
    // Midnight in New York is 05:00 UTC: this belongs to the 21st.
    await limit(no, '2026-11-22T04:59:00Z', 2000);
    await limit(no, '2026-11-23T20:00:00Z', 2000, 2);
    await days(no, [
      { ago: 5, spend: 900 },
      { ago: 4, spend: 650 },
      { ago: 3, spend: 1500 },
      { ago: 2, spend: 1000 },
      { ago: 1, spend: 100 },
    ]);
    const [north] = (await read()).vendors;
    expect(north).toMatchObject({ limitDays: 3, daysWithoutLimit: 1, limitUse: null });
    const rows = await store.database.sql<{ limit: number | null }>`
      select end_limit_minor as limit from account_days order by day`;
    expect(rows.map((row) => row.limit)).toEqual([null, 1000, 2000, 2000, 2000]);
  });

  it('tells the mean share of the limit from 100 account-days on', async () => {
    for (let n = 1; n <= 20; n++) {
      const no = await add({ id: `act_${n}`, vendor: 'North' });
      await limit(no, '2026-11-01T00:00:00Z', 1000);
      await days(
        no,
        [5, 4, 3, 2, 1].map((ago) => ({ ago, spend: ago === 1 ? 400 : 900 })),
      );
    }
    const [north] = (await read()).vendors;
    expect(north?.limitDays).toBe(100);
    expect(north?.limitUse?.meanShare).toBeCloseTo(0.8, 10);
    expect(north?.limitUse?.underShare).toBeCloseTo(0.2, 10);
  });
});

describe('findings', () => {
  const week = (spend: number, outbound: number): GivenDay[] =>
    [7, 6, 5, 4, 3, 2, 1].map((ago) => ({ ago, spend, outbound }));

  it('name who pays more per outbound click than the rest of his vendor, in one currency, over seven closed days', async () => {
    await days(await add({ id: 'act_1', vendor: 'North' }), [{ ago: 8, spend: 99_999 }, ...week(7000, 100)]);
    await days(await add({ id: 'act_2', vendor: 'North' }), week(5000, 100));
    await days(await add({ id: 'act_3', vendor: 'North' }), week(5000, 100));
    await days(await add({ id: 'act_4', vendor: 'North', currency: 'JPY' }), week(900_000, 100));
    await days(await add({ id: 'act_5', vendor: 'South' }), week(20_000, 100));
    const { findings, compared } = await read({ by: 'currency', days: 7 });
    expect(findings).toMatchObject([
      {
        ...{ vendor: 'North', currency: 'USD', spendMinor: 49_000, clicks: 700, restAccounts: 2 },
        ...{ restSpendMinor: 70_000, restClicks: 1400, savedMinor: 14_000 },
        accounts: [{ accountId: 'act_1', spendMinor: 49_000, clicks: 700 }],
      },
    ]);
    expect(findings[0]?.ratio).toBeCloseTo(1.4, 10);
    expect(compared).toEqual({ accounts: 5, clicks: 3500, groups: 3, tooFew: 2 });
  });

  it('leave out the dead and the archived', async () => {
    await days(await add({ id: 'act_1', vendor: 'North', latest: down(1) }), week(9000, 100));
    await days(await add({ id: 'act_2', vendor: 'North', archivedAt: noon }), week(9000, 100));
    await days(await add({ id: 'act_3', vendor: 'North' }), week(5000, 100));
    await days(await add({ id: 'act_4', vendor: 'North' }), week(5000, 100));
    const { findings, compared } = await read();
    expect({ findings, accounts: compared.accounts }).toEqual({ findings: [], accounts: 2 });
  });
});

function down(spent: number) {
  return { state: 'suspended', status_code: 2, amount_spent_minor: spent, day: today };
}
