import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../../../tests/manual-clock.ts';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { StatusReading } from '../../domain/observation.ts';
import { addAccounts } from '../../store/accounts.ts';
import { assignByBusiness } from '../../store/operator.ts';
import { ensureConnection, ensureVendor } from '../../store/connections.ts';
import { setAccount } from './set-account.ts';

let test_: TestDatabase;
const clock = new ManualClock(Date.parse('2026-11-23T12:00:00Z'));
const admin = { role: 'admin', name: 'operator' } as const;

beforeAll(async () => {
  test_ = await testDatabase();
  const { sql } = test_.database;
  await ensureConnection(sql, 'default', 'meta');
  const reading: StatusReading = {
    accountId: 'act_1',
    name: 'US-1',
    statusCode: 1,
    disableReason: 0,
    currency: 'USD',
    timezone: 'UTC',
    amountSpentMinor: 0,
    spendCap: { minor: null, source: 'none' },
    balanceDueMinor: 0,
    businessId: '77',
    businessName: 'BM',
  };
  await addAccounts(
    sql,
    1,
    [reading, { ...reading, accountId: 'act_2', currency: 'JPY' }],
    await clock.now(),
  );
  await ensureVendor(sql, 'Agency Alpha', []);
});
afterAll(() => test_.drop());
beforeEach(() => test_.database.sql`delete from transitions`);

const set = (accountId: 'act_1' | 'act_2' | 'act_9', wish: Parameters<typeof setAccount>[3]) =>
  setAccount({ database: test_.database, clock }, admin, accountId, wish);
const stored = () =>
  test_.database.sql`
    select v.name as vendor, a.operator_limit_minor as "limit" from accounts a left join vendors v on v.id = a.vendor_id
    where account_id = 'act_1'`;
const changes = () =>
  test_.database.sql`select kind, from_minor as "from", to_minor as "to" from transitions`;

test('a limit is entered in major units, is a change once, and can be taken back', async () => {
  expect(await set('act_1', { dailyLimit: '249.50' })).toBeNull();
  expect(await set('act_1', { dailyLimit: '249.50' })).toBeNull();
  expect(await changes()).toEqual([{ kind: 'daily_limit_changed', from: null, to: 24_950 }]);
  expect(await set('act_1', { dailyLimit: 'none' })).toBeNull();
  expect(await stored()).toEqual([{ vendor: null, limit: null }]);
  expect(await changes()).toHaveLength(2);
  expect(await test_.database.sql`select id from alerts`).toEqual([]);
});

test('a currency without minor units takes whole amounts', async () => {
  await set('act_2', { dailyLimit: '38400' });
  expect(await changes()).toEqual([{ kind: 'daily_limit_changed', from: null, to: 38_400 }]);
});

test.each([
  [{ vendor: 'Nobody', dailyLimit: '250' }, /no vendor "Nobody"/],
  [{ vendor: 'Agency Alpha', dailyLimit: 'much' }, /no amount in USD/],
  [{ vendor: 'Agency Alpha', dailyLimit: '-5' }, /no amount in USD/],
])('%j is refused with a reason and changes nothing', async (wish, reason) => {
  expect(await set('act_1', wish)).toMatch(reason);
  expect(await stored()).toEqual([{ vendor: null, limit: null }]);
});

test('an account that is not there is said so, and a viewer may not', async () => {
  expect(await set('act_9', { vendor: 'Agency Alpha' })).toMatch(/no account act_9/);
  const viewer = { role: 'viewer', name: 'v' } as const;
  await expect(
    setAccount({ database: test_.database, clock }, viewer, 'act_1', { vendor: 'Agency Alpha' }),
  ).rejects.toMatchObject({ refusal: 'forbidden' });
});

test('a vendor gets the accounts of its Business Manager that nobody has, and no others', async () => {
  const { sql } = test_.database;
  expect(await set('act_1', { vendor: 'Agency Alpha' })).toBeNull();
  await ensureVendor(sql, 'Agency Beta', ['77']);
  expect(await assignByBusiness(sql, 'Agency Beta')).toBe(1);
  expect(await stored()).toEqual([{ vendor: 'Agency Alpha', limit: null }]);
});
