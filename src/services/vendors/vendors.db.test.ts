import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { VendorWish } from '../../contract/vendors.ts';
import type { Actor } from '../../domain/permissions.ts';
import { addAccount, manualClock, viewer } from '../accounts/fleet.fixture.ts';
import { addVendor } from './add-vendor.ts';
import { readVendors } from './read-vendors.ts';
import { setVendor } from './set-vendor.ts';

let store: TestDatabase;
const admin: Actor = { role: 'admin', name: 'ann@example.com' };
const deps = () => ({ database: store.database, clock: manualClock() });

beforeAll(async () => {
  store = await testDatabase();
  const { sql } = store.database;
  await addAccount(sql, { id: 'act_1', business: '77', operatorLimit: 20_000 });
  await addAccount(sql, {
    id: 'act_2',
    business: '77',
    operatorLimit: 30_000,
    latest: { state: 'suspended' },
  });
  await addAccount(sql, { id: 'act_3', business: '88' });
});
afterAll(() => store.drop());
beforeEach(async () => {
  const { sql } = store.database;
  await sql`update accounts set vendor_id = null`;
  await sql`delete from businesses`;
  await sql`delete from vendors`;
  await sql`delete from audit_log`;
});

const wish: VendorWish = {
  ...{ name: 'Alpha', businesses: '77', contactName: 'Kim', contactEmail: 'kim@example.com' },
  ...{ contactTelegram: 'https://t.me/kim_alpha', note: 'By night too.', promisedHours: '24' },
  ...{ promisedLimit: '250', promisedCurrency: 'usd', feeNote: '5%' },
};
const add = (name: string, businesses = '') => addVendor(deps(), admin, { name, businesses });
const set = (given: Partial<VendorWish>, vendor = 'Alpha') =>
  setVendor(deps(), admin, vendor, { ...wish, ...given });
const vendors = () => readVendors(deps(), admin);
const audits = () => store.database.sql`select action from audit_log order by id`;

test('a vendor gets the accounts of its Business Managers that nobody has', async () => {
  expect(await add(' Alpha ', '77, 99')).toEqual({ isDone: true, value: { name: 'Alpha', assigned: 2 } });
  expect(await vendors()).toMatchObject([
    {
      name: 'Alpha',
      businessIds: ['77', '99'],
      accounts: 2,
      down: 1,
      promisedLimit: null,
      contactName: null,
    },
  ]);
  expect(await audits()).toEqual([{ action: 'vendor.added' }]);
});

test('contact and promises are told back, and what is below the promise is counted', async () => {
  await add('Alpha', '77');
  expect(await set({})).toMatchObject({ isDone: true });
  expect(await vendors()).toMatchObject([
    {
      ...{ contactName: 'Kim', contactEmail: 'kim@example.com', contactTelegram: '@kim_alpha' },
      ...{ promisedHours: 24, promisedLimit: '250', promisedLimitMinor: 25_000, promisedCurrency: 'USD' },
      ...{ feeNote: '5%', note: 'By night too.', promisedAccounts: 2, belowPromise: 1 },
    },
  ]);
  await set({ promisedLimit: '', contactEmail: '', promisedHours: '', note: '' });
  expect(await vendors()).toMatchObject([
    { promisedLimit: null, promisedCurrency: null, contactEmail: null, promisedHours: null, note: null },
  ]);
});

test('a vendor is called something else and keeps its accounts; Business Managers come and go', async () => {
  await add('Alpha', '77');
  expect(await set({ name: 'Omega', businesses: '88' })).toEqual({ isDone: true, value: { assigned: 1 } });
  expect(await vendors()).toMatchObject([{ name: 'Omega', accounts: 3, businessIds: ['88'] }]);
});

test('to one that is there the operator’s tool gives more Business Managers', async () => {
  await add('Alpha', '77');
  await addVendor(deps(), admin, { name: 'Alpha', businesses: '88', mayExist: true });
  expect(await vendors()).toMatchObject([{ businessIds: ['77', '88'], accounts: 3 }]);
});

test.each([
  [{ name: 'Beta' }, /“Beta” already/],
  [{ name: 'unassigned' }, /another name/],
  [{ name: '\u0000' }, /1 to 100 characters/],
  [{ businesses: '99' }, /99 is Beta’s/],
  [{ businesses: '7x' }, /digits only/],
  [{ contactEmail: 'kim' }, /no e-mail/],
  [{ contactTelegram: '@k' }, /Telegram name/],
  [{ promisedHours: '0' }, /1 to 8760/],
  [{ promisedLimit: '25o' }, /no amount/],
  [{ promisedCurrency: 'dollars' }, /three letters/],
  [{ feeNote: 'x'.repeat(501) }, /500 characters/],
])('%j is refused with a reason and changes nothing', async (given, problem) => {
  await add('Alpha', '77');
  await add('Beta', '99');
  const before = await vendors();
  expect(await set(given)).toMatchObject({
    isDone: false,
    problem: expect.stringMatching(problem) as string,
  });
  expect(await vendors()).toEqual(before);
  expect(await audits()).toHaveLength(2);
});

test('what is taken, foreign or gone is said so', async () => {
  await add('Alpha', '77');
  expect(await add('Alpha')).toMatchObject({ problem: expect.stringMatching(/already/) as string });
  expect(await add('Beta', '77')).toMatchObject({
    problem: expect.stringMatching(/77 is Alpha’s/) as string,
  });
  expect(await set({}, 'Gone')).toMatchObject({
    problem: expect.stringMatching(/no vendor “Gone” any more/) as string,
  });
});

test('vendors are for admins', async () => {
  for (const by of [viewer, { role: 'analyst', name: 'lee' } as const]) {
    const refused = { refusal: 'forbidden' };
    await expect(addVendor(deps(), by, { name: 'x', businesses: '' })).rejects.toMatchObject(refused);
    await expect(setVendor(deps(), by, 'Alpha', wish)).rejects.toMatchObject(refused);
    await expect(readVendors(deps(), by)).rejects.toMatchObject(refused);
  }
  expect(await audits()).toEqual([]);
});
