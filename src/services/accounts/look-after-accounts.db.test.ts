import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { AccountId } from '../../domain/account.ts';
import type { StatusReading } from '../../domain/observation.ts';
import type { Actor } from '../../domain/permissions.ts';
import { setSimulatedArchived } from '../../store/connections.ts';
import { recordStatuses } from '../poll/record-statuses.ts';
import { archiveAccount, restoreAccount } from './archive-account.ts';
import { awaitAccount, forgetAwaited } from './await-account.ts';
import { addAccount, manualClock, noon, viewer } from './fleet.fixture.ts';
import { importAccounts } from './import-accounts.ts';
import { readFleet } from './read-fleet.ts';

let store: TestDatabase;
const admin: Actor = { role: 'admin', name: 'ann@example.com' };
const analyst: Actor = { role: 'analyst', name: 'lee@example.com' };
const clock = manualClock();
const deps = () => ({ database: store.database, clock });
const sqlOf = () => store.database.sql;

beforeAll(async () => {
  store = await testDatabase();
  await addAccount(sqlOf(), { id: 'act_1', vendor: 'Agency Alpha', operatorLimit: 25_000 });
  await addAccount(sqlOf(), { id: 'act_2', currency: 'JPY' });
  await addAccount(sqlOf(), { id: 'act_3', connection: 'sim', connectionKind: 'simulation' });
  await sqlOf()`insert into account_tags values (1, 'us')`;
});
afterAll(() => store.drop());
beforeEach(async () => {
  await sqlOf()`update accounts set archived_at = null, archived_by = null`;
  await sqlOf()`delete from transitions`;
  await sqlOf()`delete from audit_log`;
  await sqlOf()`delete from awaited_accounts`;
});

const audits = async () =>
  (await sqlOf()<{ action: string }>`select action from audit_log order by id`).map(({ action }) => action);
const events = () =>
  sqlOf()`select account_no as no, kind, from_state as "from", to_state as "to" from transitions order by id`;
const reading = (accountId: AccountId, given: Partial<StatusReading> = {}): StatusReading => ({
  ...{ accountId, name: 'US-9', statusCode: 1, disableReason: 0, currency: 'USD', timezone: 'UTC' },
  ...{ amountSpentMinor: 0, spendCap: { minor: null, source: 'none' }, balanceDueMinor: 0 },
  ...{ businessId: null, businessName: null },
  ...given,
});
const sweep = (readings: StatusReading[]) =>
  recordStatuses(store.database, { claim: null, connectionId: 1, readings, askedAt: noon + 1, at: noon + 1 });
const all = { words: null, vendor: null, connection: null, state: null, page: 1 };

describe('an archived account', () => {
  test('leaves the board as a change, with who did it, and comes back as one', async () => {
    expect(await archiveAccount(deps(), admin, 'act_1')).toBeNull();
    expect(await archiveAccount(deps(), admin, 'act_1')).toBe('It is archived already.');
    expect((await readFleet(deps(), admin, all)).accounts.map((one) => one.accountId)).toEqual([
      'act_2',
      'act_3',
    ]);
    const archived = await readFleet(deps(), admin, { ...all, state: 'archived' });
    expect(archived.accounts).toMatchObject([
      { accountId: 'act_1', archivedBy: admin.name, state: 'archived' },
    ]);
    expect(await restoreAccount(deps(), admin, 'act_1')).toBeNull();
    expect(await restoreAccount(deps(), admin, 'act_1')).toBe('It is not archived.');
    expect(await events()).toEqual([
      { no: 1, kind: 'archived', from: 'active', to: 'archived' },
      { no: 1, kind: 'unarchived', from: 'archived', to: 'active' },
    ]);
    expect(await audits()).toEqual(['account.archived', 'account.restored']);
  });

  test('is not read, whatever its connection lists, and wakes nobody', async () => {
    await archiveAccount(deps(), admin, 'act_1');
    const swept = await sweep([reading('act_1', { statusCode: 2 })]);
    expect(swept).toMatchObject({ stored: [], others: ['act_1'], changed: 0 });
    expect(await sqlOf()`select state from latest where account_no = 1`).toEqual([{ state: 'active' }]);
    expect(await sqlOf()`select id from alerts`).toEqual([]);
  });

  test('ends the alert that is about it', async () => {
    const [alert] = await sqlOf()<{ id: number }>`
      insert into alerts (key, kind, severity, title, body, fields, opened_at)
      values ('k', 'account_suspended', 'critical', 't', 'b', '[]', ${noon}) returning id`;
    await sqlOf()`insert into alert_accounts (alert_id, account_no) values (${alert?.id ?? 0}, 1)`;
    await archiveAccount(deps(), admin, 'act_1');
    expect(await sqlOf()`select resolved_at as at from alerts`).toEqual([{ at: noon }]);
    await sqlOf()`truncate alerts cascade`;
  });

  test('of the simulation stays archived when it starts again', async () => {
    await archiveAccount(deps(), admin, 'act_3');
    await setSimulatedArchived(sqlOf(), null);
    expect(await sqlOf()`select archived_by as by from accounts where no = 3`).toEqual([{ by: admin.name }]);
    expect(await sqlOf()`select no from accounts where archived_at is not null`).toEqual([{ no: 3 }]);
  });

  test('comes back only where a connection reaches it', async () => {
    await archiveAccount(deps(), admin, 'act_1');
    await sqlOf()`update connections set removed_at = ${noon} where id = 1`;
    expect(await restoreAccount(deps(), admin, 'act_1')).toMatch(/No connection reaches it/);
    const [heir] = await sqlOf()<{ id: number }>`select id from connections where name = 'sim'`;
    await sqlOf()`insert into reach (connection_id, account_no, found_at) values (${heir?.id ?? 0}, 1, ${noon})`;
    expect(await restoreAccount(deps(), admin, 'act_1')).toBeNull();
    expect(await sqlOf()`select connection_id as id from accounts where no = 1`).toEqual([heir]);
    await sqlOf()`update connections set removed_at = null`;
    await sqlOf()`update accounts set connection_id = 1 where no = 1`;
  });
});

describe('an account to come', () => {
  test('gets what was entered for it when it is found, in the name of who entered it', async () => {
    const wish = { vendor: 'Agency Alpha', dailyLimit: '249.5', tags: 'US, new' };
    expect(await awaitAccount(deps(), admin, 'act_9', wish)).toBeNull();
    expect((await readFleet(deps(), admin, all)).awaited).toMatchObject([
      { accountId: 'act_9', vendor: 'Agency Alpha', dailyLimit: '249.5', tags: ['new', 'us'] },
    ]);
    await sweep([reading('act_9')]);
    const found = await readFleet(deps(), admin, { ...all, words: 'act_9' });
    expect(found.accounts).toMatchObject([
      { vendor: 'Agency Alpha', operatorLimit: '249.50', limitMinor: 24_950, tags: ['new', 'us'] },
    ]);
    expect(found.awaited).toEqual([]);
    expect(await sqlOf()`select actor, action from audit_log order by id`).toEqual([
      { actor: admin.name, action: 'account.awaited' },
      { actor: admin.name, action: 'account.set' },
    ]);
  });

  test.each([
    ['act_1', {}, /found already/],
    ['act_8', { vendor: 'Nobody' }, /no vendor "Nobody"/],
    ['act_8', { dailyLimit: 'much' }, /no amount/],
    ['act_8', { tags: '<b>' }, /30 letters/],
  ] as const)('%s with %j is refused and nothing is written', async (accountId, wish, problem) => {
    expect(await awaitAccount(deps(), admin, accountId, wish)).toMatch(problem);
    expect(await audits()).toEqual([]);
  });

  test('is forgotten when it does not come', async () => {
    await awaitAccount(deps(), admin, 'act_8', {});
    expect(await forgetAwaited(deps(), admin, 'act_8')).toBeNull();
    expect(await forgetAwaited(deps(), admin, 'act_8')).toMatch(/not waited for/);
  });
});

describe('a list', () => {
  const list = [
    'account id,vendor,daily limit,tags',
    'act_1,Unassigned,300,',
    'act_2,agency alpha,,"jp,new"',
    'act_7,Agency Alpha,100,',
    'act_3,,,',
    'act_5,Nobody,,',
  ].join('\n');
  const entered = () => sqlOf()`
    select a.account_id as id, v.name as vendor, operator_limit_minor as "limit" from accounts a
    left join vendors v on v.id = a.vendor_id where no < 4 order by no`;

  test('is told row by row first, and nothing is written', async () => {
    const before = await entered();
    const answer = await importAccounts(deps(), admin, { list, apply: false });
    expect(answer).toMatchObject({
      isDone: true,
      isApplied: false,
      lines: [
        {
          ...{ line: 2, account: 'act_1', fate: 'changes' },
          changes: [
            { what: 'vendor', from: 'Agency Alpha', to: 'Unassigned' },
            { what: 'daily limit', from: '250.00 USD', to: '300.00 USD' },
          ],
        },
        {
          line: 3,
          fate: 'changes',
          changes: [{ what: 'vendor' }, { what: 'tags', from: 'none', to: 'jp, new' }],
        },
        { line: 4, account: 'act_7', fate: 'awaited' },
        { line: 5, fate: 'same', changes: [] },
        { line: 6, fate: 'wrong', problem: expect.stringMatching(/no vendor “Nobody”.*add it/) as string },
      ],
    });
    expect(await entered()).toEqual(before);
    expect(await audits()).toEqual([]);
  });

  test('is applied whole or not at all, and is the same the second time', async () => {
    await sqlOf()`alter table awaited_accounts add constraint broken check (account_id <> 'act_7')`;
    await expect(importAccounts(deps(), admin, { list, apply: true })).rejects.toThrow(/broken/);
    expect(await audits()).toEqual([]);
    await sqlOf()`alter table awaited_accounts drop constraint broken`;
    expect(await importAccounts(deps(), admin, { list, apply: true })).toMatchObject({ isApplied: true });
    expect(await entered()).toEqual([
      { id: 'act_1', vendor: null, limit: 30_000 },
      { id: 'act_2', vendor: 'Agency Alpha', limit: null },
      { id: 'act_3', vendor: null, limit: null },
    ]);
    expect(await audits()).toEqual(['account.set', 'account.set', 'account.awaited', 'account.imported']);
    const again = await importAccounts(deps(), admin, { list, apply: false });
    expect(again.isDone && again.lines.map(({ fate }) => fate)).toEqual([
      'same',
      'same',
      'same',
      'same',
      'wrong',
    ]);
  });
});

test.each([
  ['archive', (by: Actor) => archiveAccount(deps(), by, 'act_1')],
  ['restore', (by: Actor) => restoreAccount(deps(), by, 'act_1')],
  ['await', (by: Actor) => awaitAccount(deps(), by, 'act_8', {})],
  ['forget', (by: Actor) => forgetAwaited(deps(), by, 'act_8')],
  ['import', (by: Actor) => importAccounts(deps(), by, { list: 'act_1', apply: true })],
  ['read', (by: Actor) => readFleet(deps(), by, all)],
])('to %s is for admins', async (_verb, act) => {
  for (const by of [viewer, analyst]) await expect(act(by)).rejects.toMatchObject({ refusal: 'forbidden' });
  expect(await audits()).toEqual([]);
});
