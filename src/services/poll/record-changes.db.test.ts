import { afterEach, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { AccountId } from '../../domain/account.ts';
import type { AlertRule } from '../../domain/rules.ts';
import type { Known } from '../../domain/transition.ts';
import { lockAccounts } from '../../store/accounts.ts';
import { writeRule } from '../../store/alert-rules.ts';
import { addAccount, noon } from '../accounts/fleet.fixture.ts';
import { listAlerts } from '../alerts/conditions.fixture.ts';
import { changesOf, recordChanges } from './record-changes.ts';

let store: TestDatabase;
const db = () => store.database.sql;

beforeEach(async () => {
  store = await testDatabase();
  await db()`insert into channels (kind, name, lowest_severity) values ('slack', 'team', 'warning')`;
});
afterEach(() => store.drop());

/** Something else is known of these accounts from now on. */
async function learn(ids: AccountId[], news: Partial<Known>, at = noon): Promise<void> {
  await store.database.transaction(async (sql) => {
    const rows = await lockAccounts(sql, ids);
    await recordChanges(
      sql,
      rows.flatMap((row) => changesOf(row, news)),
      at,
    );
    if (news.statusCode !== undefined)
      await sql`update latest set status_code = ${news.statusCode} where account_no = any (${rows.map(({ no }) => no)}::int[])`;
  });
}
const alerts = async () =>
  (await listAlerts(db())).map(({ kind, severity, isOpen, accounts, messages }) => ({
    ...{ kind, severity, isOpen, accounts, messages: messages.join(' ') },
  }));
const rule = (kind: AlertRule['kind'], more: Partial<AlertRule>) =>
  writeRule(
    db(),
    { kind, vendorId: null, accountNo: null, isOn: null, severity: null, thresholds: {}, ...more },
    'test',
    noon,
  );
const limited = (id: AccountId, more: { vendor?: string } = {}) =>
  addAccount(db(), { id, ...more, latest: { meta_limit_minor: 100_000, meta_limit_source: 'meta' } });
const limit = (minor: number) => ({ metaLimit: { minor, source: 'meta' } as const });

test('a kind that is switched off is written down and told to nobody', async () => {
  await addAccount(db(), { id: 'act_1' });
  await rule('account_suspended', { isOn: false });
  await learn(['act_1'], { statusCode: 2 });
  expect(await alerts()).toEqual([]);
  expect(await db()`select kind from transitions`).toEqual([{ kind: 'status_changed' }]);
});

test('the size of a cut and its severity are tuned by vendor and by account', async () => {
  await limited('act_1', { vendor: 'North' });
  const no = await limited('act_2', { vendor: 'North' });
  await limited('act_3', { vendor: 'South' });
  const [north] = await db()<{ id: number }>`select id from vendors where name = 'North'`;
  await rule('daily_limit_cut', {
    vendorId: north?.id ?? null,
    thresholds: { percent: 5 },
    severity: 'info',
  });
  await rule('daily_limit_cut', { accountNo: no, thresholds: { percent: 50 } });
  await learn(['act_1', 'act_2', 'act_3'], limit(90_000));
  expect(await alerts()).toEqual([
    { kind: 'daily_limit_cut', severity: 'info', isOpen: false, accounts: 1, messages: '' },
  ]);
  await learn(['act_3'], limit(79_999));
  expect((await alerts())[1]).toMatchObject({ severity: 'critical', messages: 'opened' });
});

test('of one wave each severity is a message of its own', async () => {
  const ids = Array.from({ length: 24 }, (_, n): AccountId => `act_${n + 1}`);
  for (const [n, id] of ids.entries()) await addAccount(db(), { id, vendor: n < 12 ? 'North' : 'South' });
  const [north] = await db()<{ id: number }>`select id from vendors where name = 'North'`;
  await rule('account_suspended', { vendorId: north?.id ?? null, severity: 'warning' });
  await learn(ids, { statusCode: 2 });
  expect(await alerts()).toEqual([
    { kind: 'account_suspended', severity: 'warning', isOpen: true, accounts: 12, messages: 'opened' },
    { kind: 'account_suspended', severity: 'critical', isOpen: true, accounts: 12, messages: 'opened' },
  ]);
});

test('a payment that is due is told once, and that it is settled to who heard of it', async () => {
  await addAccount(db(), { id: 'act_1' });
  await learn(['act_1'], { statusCode: 8 });
  await learn(['act_1'], { statusCode: 9 });
  const told = { kind: 'payment_warning', severity: 'warning', accounts: 1 };
  expect(await alerts()).toEqual([{ ...told, isOpen: true, messages: 'opened' }]);
  await learn(['act_1'], { statusCode: 1 });
  expect(await alerts()).toEqual([{ ...told, isOpen: false, messages: 'opened resolved' }]);
});

test('a payment that is due ends without a word when the account is suspended', async () => {
  await addAccount(db(), { id: 'act_1' });
  await learn(['act_1'], { statusCode: 8 });
  await learn(['act_1'], { statusCode: 2 });
  expect(await alerts()).toMatchObject([
    { kind: 'payment_warning', isOpen: false, messages: 'opened' },
    { kind: 'account_suspended', isOpen: true },
  ]);
});

test('a restored account ends what it ends and says so there, even where its return is no alert', async () => {
  await addAccount(db(), { id: 'act_1' });
  await rule('account_restored', { isOn: false });
  await learn(['act_1'], { statusCode: 2 });
  await learn(['act_1'], { statusCode: 1 });
  expect(await alerts()).toEqual([
    {
      kind: 'account_suspended',
      severity: 'critical',
      isOpen: false,
      accounts: 1,
      messages: 'opened resolved',
    },
  ]);
});

test('a restored account is told to who heard of its end, on that alert and once', async () => {
  await addAccount(db(), { id: 'act_1' });
  await learn(['act_1'], { statusCode: 2 });
  await learn(['act_1'], { statusCode: 1 });
  expect((await alerts())[1]).toEqual({
    ...{ kind: 'account_restored', severity: 'info', isOpen: false, accounts: 1, messages: '' },
  });
});

test('of many that are back at once people get one message, and each incident ends where incidents are kept', async () => {
  await db()`insert into channels (kind, name) values ('pagerduty', 'pager')`;
  const ids = Array.from({ length: 12 }, (_, n): AccountId => `act_${n + 1}`);
  for (const id of ids) await addAccount(db(), { id });
  // One after the other, so that each has an alert of its own.
  for (const [n, id] of ids.entries()) await learn([id], { statusCode: 2 }, noon + n * 60_000);
  await learn(ids, { statusCode: 1 }, noon + 20 * 60_000);
  const messages = await db()<{ channel: string; purpose: string; count: number }>`
    select c.name as channel, d.purpose, count(*) as count from deliveries d join channels c on c.id = d.channel_id
    join alerts a on a.id = d.alert_id where a.kind = 'account_restored' or d.purpose = 'resolved' group by 1, 2 order by 1`;
  expect(messages).toEqual([
    { channel: 'pager', purpose: 'resolved', count: 12 },
    { channel: 'team', purpose: 'opened', count: 1 },
  ]);
});
