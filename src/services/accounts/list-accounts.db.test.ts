import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { account, accountList, accountsQuery } from '../../contract/account.ts';
import { addAccount, addDays, dayMs, manualClock, noon, stranger, viewer } from './fleet.fixture.ts';
import { listAccounts } from './list-accounts.ts';
import { readAccount } from './read-account.ts';

let store: TestDatabase;
const deps = () => ({ database: store.database, clock: manualClock() });

/** The whole of an account whose every field has a value. */
const full = {
  ...{ spend_minor: 6_000, clicks: 40, outbound_clicks: 31, cpc: '1.500', active_ads: 2, total_ads: 5 },
  ...{
    meta_limit_minor: 25_000,
    meta_limit_source: 'meta',
    spend_cap_minor: 90_000,
    spend_cap_source: 'meta',
  },
  ...{ amount_spent_minor: 70_000, balance_due_minor: 0, disable_reason: 0 },
};
const dead = { state: 'suspended', status_code: 2, suspended_at: '2026-11-24T09:00:00Z' };

beforeAll(async () => {
  store = await testDatabase();
  const { sql } = store.database;
  const no = await addAccount(sql, { id: 'act_100', vendor: 'North', business: '77', latest: full });
  await addDays(sql, no, [['2026-11-23', 10_000, 100]]);
  await addAccount(sql, { id: 'act_101', vendor: 'North', name: '100%_sure', currency: 'JPY', latest: full });
  await addAccount(sql, { id: 'act_102', vendor: 'South', connection: 'second', latest: dead });
  await addAccount(sql, { id: 'act_103', name: 'Ärger', latest: { suspended_at: '2026-11-20T09:00:00Z' } });
  await addAccount(sql, { id: 'act_104', name: null, latest: null });
  await addAccount(sql, { id: 'act_105', vendor: 'South', archivedAt: noon - dayMs, latest: full });
});
afterAll(() => store.drop());

const list = async (query: Record<string, string> = {}) => {
  const answer = await listAccounts(deps(), viewer, accountsQuery.parse(query));
  expect(() => accountList.parse(answer)).not.toThrow();
  return answer;
};
const ids = async (query: Record<string, string>) => (await list(query)).data.map((one) => one.account_id);

describe('the list of accounts', () => {
  it('gives every field as the contract writes it', async () => {
    const [first] = (await list()).data;
    expect(first).toEqual({
      account_id: 'act_100',
      name: 'Account act_100',
      vendor: 'North',
      business_manager_id: '77',
      connection: 'default',
      currency: 'USD',
      timezone: 'America/New_York',
      state: 'active',
      account_status: 1,
      disable_reason: 0,
      spend_today: { minor: 6_000, currency: 'USD' },
      daily_limit: { minor: 25_000, currency: 'USD' },
      daily_limit_source: 'meta',
      spend_progress_percent: 24,
      spend_cap: { minor: 90_000, currency: 'USD' },
      spend_cap_source: 'meta',
      amount_spent: { minor: 70_000, currency: 'USD' },
      balance_due: { minor: 0, currency: 'USD' },
      cpc: '1.500',
      cpc_change_percent: 50,
      outbound_clicks: 31,
      active_ads: 2,
      total_ads: 5,
      date_added: '2026-10-25T12:00:00.000Z',
      suspended_at: null,
      observed_at: '2026-11-24T12:00:00.000Z',
      metrics_at: '2026-11-24T11:58:00.000Z',
    });
  });

  it('gives null for what is unknown and names the currency of each amount', async () => {
    const { data, as_of } = await list();
    expect(data[1]?.spend_today).toEqual({ minor: 6_000, currency: 'JPY' });
    expect(data[4]).toMatchObject({
      state: 'unknown',
      spend_today: null,
      daily_limit: null,
      observed_at: null,
    });
    expect(data[4]).toMatchObject({ daily_limit_source: 'unknown', spend_progress_percent: null, cpc: null });
    expect(as_of).toBe('2026-11-24T12:00:00.000Z');
  });

  it('tells when an account was suspended only until it returns', async () => {
    const { data } = await list();
    expect(data[2]).toMatchObject({ state: 'suspended', suspended_at: '2026-11-24T09:00:00.000Z' });
    expect(data[3]).toMatchObject({ state: 'active', suspended_at: null });
  });

  it.each([
    [{}, ['act_100', 'act_101', 'act_102', 'act_103', 'act_104']],
    [{ vendor: 'North' }, ['act_100', 'act_101']],
    [{ vendor: 'Unassigned' }, ['act_103', 'act_104']],
    [{ vendor: 'Nor' }, []],
    [{ state: 'suspended' }, ['act_102']],
    [{ state: 'unknown' }, ['act_104']],
    [{ state: 'archived' }, ['act_105']],
    [{ state: 'archived', vendor: 'North' }, []],
    [{ connection: 'second' }, ['act_102']],
    [{ connection: 'default', vendor: 'North' }, ['act_100', 'act_101']],
    [{ q: '103' }, ['act_103']],
    [{ q: '%_' }, ['act_101']],
    [{ q: 'SOUTH' }, ['act_102']],
    [{ q: 'ärg' }, ['act_103']],
    [{ q: "'; --" }, []],
  ])('filtered by %o holds %o', async (query, expected) => {
    expect(await ids(query)).toEqual(expected);
  });

  it.each([1, 2, 3, 5, 500])('gives every account exactly once in pages of %s', async (limit) => {
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const query: Record<string, string> = { limit: String(limit), ...(cursor === null ? {} : { cursor }) };
      const page = await list(query);
      expect(page.data.length).toBeGreaterThan(0);
      expect(page.data.length).toBeLessThanOrEqual(limit);
      seen.push(...page.data.map((one) => one.account_id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(seen).toEqual(['act_100', 'act_101', 'act_102', 'act_103', 'act_104']);
  });

  it('is refused to a role that the table does not know', async () => {
    await expect(listAccounts(deps(), stranger, accountsQuery.parse({}))).rejects.toMatchObject({
      refusal: 'forbidden',
    });
  });
});

describe('one account', () => {
  it('is read by its id, archived or not', async () => {
    const first = await readAccount(deps(), viewer, 'act_100');
    expect(first).toEqual((await list()).data[0]);
    const archived = await readAccount(deps(), viewer, 'act_105');
    expect(account.parse(archived)).toMatchObject({ state: 'archived', vendor: 'South' });
  });

  it('is null when there is none of that id', async () => {
    expect(await readAccount(deps(), viewer, 'act_10')).toBeNull();
  });

  it('is refused to a role that the table does not know', async () => {
    await expect(readAccount(deps(), stranger, 'act_100')).rejects.toMatchObject({ refusal: 'forbidden' });
  });
});
