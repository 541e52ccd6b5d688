import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { board, type AccountCard } from '../../contract/account-card.ts';
import {
  addAccount,
  addCycle,
  manualClock,
  noon,
  stranger,
  viewer,
  type GivenAccount,
} from './fleet.fixture.ts';
import { readBoard } from './read-board.ts';

let store: TestDatabase;
beforeAll(async () => {
  store = await testDatabase();
});
afterAll(() => store.drop());
beforeEach(() => store.database.script('truncate accounts, connections, vendors, cycles cascade'));

const settings = { sweepMs: 60_000, metricsMs: 300_000 };
const deps = () => ({ database: store.database, clock: manualClock(), settings });
const add = (given: GivenAccount) => addAccount(store.database.sql, given);

async function cards(): Promise<Map<string, AccountCard>> {
  const answer = await readBoard(deps(), viewer);
  expect(() => board.parse(answer)).not.toThrow();
  return new Map(answer.cards.map((card) => [card.accountId, card]));
}

async function cardOf(given: GivenAccount): Promise<AccountCard | undefined> {
  await add(given);
  return (await cards()).get(given.id);
}

describe('the board', () => {
  it('is empty before the first account and the first sweep', async () => {
    expect(await readBoard(deps(), viewer)).toEqual({ asOf: noon, checkedAt: null, ...settings, cards: [] });
  });

  it('shows every account once, but no archived one', async () => {
    await add({ id: 'act_3' });
    await add({ id: 'act_1', vendor: 'North' });
    await add({ id: 'act_2', archivedAt: noon });
    expect([...(await cards()).keys()]).toEqual(['act_1', 'act_3']);
  });

  it('reads only the accounts that are asked for', async () => {
    for (const id of ['act_1', 'act_2', 'act_3']) await add({ id });
    const answer = await readBoard(deps(), viewer, ['act_3', 'act_1', 'act_9']);
    expect(answer.cards.map((card) => card.accountId)).toEqual(['act_1', 'act_3']);
    expect((await readBoard(deps(), viewer, [])).cards).toEqual([]);
  });

  it('says when the last finished status sweep ended', async () => {
    const { sql } = store.database;
    await addCycle(sql, 'status', 1, noon - 90_000);
    await addCycle(sql, 'status', 2, noon - 30_000);
    await addCycle(sql, 'status', 3, null);
    await addCycle(sql, 'metrics', 1, noon - 1_000);
    expect((await readBoard(deps(), viewer)).checkedAt).toBe(noon - 30_000);
  });

  it('is refused to a role that the table does not know', async () => {
    await expect(readBoard(deps(), stranger)).rejects.toMatchObject({ refusal: 'forbidden' });
  });
});

describe('a card', () => {
  it('gives an account that was never read no figures', async () => {
    const card = await cardOf({ id: 'act_1', name: null, latest: null });
    expect(card).toMatchObject({
      ...{ name: null, vendor: 'Unassigned', state: 'unknown', statusCode: null, observedAt: null },
      ...{ metricsAt: null, spendMinor: null, dailyLimitMinor: null, dailyLimitSource: 'unknown' },
      ...{
        dailyLimitBeforeMinor: null,
        spendCapMinor: null,
        spendCapSource: 'unknown',
        fundsLeftMinor: null,
      },
      ...{ balanceDueMinor: null, cpc: null, cpcChangePercent: null, totalAds: null },
    });
  });

  it("passes the figures on in minor units, with Meta's own decimals", async () => {
    const latest = {
      ...{
        spend_minor: 24_750,
        meta_limit_minor: 25_000,
        meta_limit_source: 'meta',
        spend_cap_minor: 900_000,
      },
      ...{ spend_cap_source: 'meta', amount_spent_minor: 850_001, balance_due_minor: 1_234, cpc: '0.420' },
      ...{ outbound_clicks: 81, active_ads: 3, total_ads: 9, day: '2026-11-23' },
    };
    const card = await cardOf({ id: 'act_1', vendor: 'North', connectionKind: 'simulation', latest });
    expect(card).toMatchObject({
      ...{ vendor: 'North', connection: 'default', isSimulated: true, currency: 'USD', spendMinor: 24_750 },
      ...{
        dailyLimitMinor: 25_000,
        dailyLimitSource: 'meta',
        spendCapMinor: 900_000,
        fundsLeftMinor: 49_999,
      },
      ...{ balanceDueMinor: 1_234, cpc: '0.420', outboundClicks: 81, activeAds: 3, totalAds: 9 },
      ...{ observedAt: noon, metricsAt: noon - 120_000, timezone: 'America/New_York' },
    });
  });

  it('leaves a currency without cents as it is', async () => {
    const latest = { spend_minor: 24_750, meta_limit_minor: 30_000, meta_limit_source: 'meta', cpc: '42.5' };
    const card = await cardOf({ id: 'act_1', currency: 'JPY', latest });
    expect(card).toMatchObject({ currency: 'JPY', spendMinor: 24_750, dailyLimitMinor: 30_000, cpc: '42.5' });
  });

  it('keeps zero, none and unknown apart', async () => {
    const zero = await cardOf({
      id: 'act_1',
      latest: { spend_minor: 0, balance_due_minor: 0, active_ads: 0 },
    });
    expect(zero).toMatchObject({
      spendMinor: 0,
      balanceDueMinor: 0,
      activeAds: 0,
      totalAds: null,
      cpc: null,
    });
    const none = await cardOf({
      id: 'act_2',
      latest: { meta_limit_source: 'unlimited', spend_cap_source: 'none', amount_spent_minor: 5 },
    });
    expect(none).toMatchObject({
      dailyLimitMinor: null,
      dailyLimitSource: 'unlimited',
      spendCapSource: 'none',
    });
    expect(none).toMatchObject({ spendMinor: null, fundsLeftMinor: null, spendCapMinor: null });
  });

  it("prefers the operator's daily limit to Meta's", async () => {
    const latest = { meta_limit_minor: 5_000, meta_limit_source: 'meta' };
    const card = await cardOf({ id: 'act_1', operatorLimit: 25_000, latest });
    expect(card).toMatchObject({ dailyLimitMinor: 25_000, dailyLimitSource: 'operator' });
  });

  const final = { final_spend_minor: 18_950, final_limit_minor: 25_000, final_limit_source: 'meta' };
  const after = { spend_minor: 0, meta_limit_minor: 5_000, meta_limit_source: 'meta' };
  it.each([
    ['suspended', 2, 18_950, 25_000],
    ['closing', 100, 18_950, 25_000],
    ['closed', 101, 18_950, 25_000],
    ['active', 1, 0, 5_000],
    ['warning', 3, 0, 5_000],
    ['access_lost', 1, 0, 5_000],
    ['unknown', 202, 0, 5_000],
  ])('of a %s account has the figures of that moment', async (state, code, spendMinor, dailyLimitMinor) => {
    const latest = { ...final, ...after, state, status_code: code };
    expect(await cardOf({ id: 'act_1', latest })).toMatchObject({
      state,
      statusCode: code,
      spendMinor,
      dailyLimitMinor,
    });
  });

  it('of a dead account without final figures says that they are not known', async () => {
    const suspended = { ...after, state: 'suspended', status_code: 2 };
    const since = { state_since: '2026-11-24T09:00:00Z', state_since_source: 'meta', lifetime_clicks: 7_000 };
    const card = await cardOf({ id: 'act_1', latest: { ...suspended, ...since, disable_reason: 1 } });
    expect(card).toMatchObject({
      spendMinor: null,
      dailyLimitMinor: 5_000,
      disableReason: 1,
      lifetimeClicks: 7_000,
    });
    expect(card).toMatchObject({ stateSince: noon - 3 * 3_600_000, stateSinceSource: 'meta' });
    const unlimited = { ...final, final_limit_minor: null, final_limit_source: 'unlimited' };
    const other = await cardOf({ id: 'act_2', latest: { ...suspended, ...unlimited } });
    expect(other).toMatchObject({ dailyLimitMinor: null, dailyLimitSource: 'unlimited' });
  });
});
