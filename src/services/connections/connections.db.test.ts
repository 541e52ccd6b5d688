import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { Role } from '../../domain/permissions.ts';
import { listConnections, listCoverage, setConnectionState } from '../../store/connections.ts';
import { findToken, listTokens } from '../../store/connection-tokens.ts';
import { addConnection } from './add-connection.ts';
import { adoptAccounts } from './adopt-accounts.ts';
import {
  addAccounts,
  admin,
  connectionsHouse,
  lasting,
  signal,
  startAt,
  trouble,
} from './connections.fixture.ts';
import { pauseConnection, resumeConnection } from './pause-connection.ts';
import { removeConnection } from './remove-connection.ts';
import { replaceToken } from './replace-token.ts';
import { rotateKey } from './rotate-key.ts';
import { openToken } from './store-token.ts';
import { takeSettingsToken } from './take-settings-token.ts';
import { testConnection } from './test-connection.ts';

let db: TestDatabase;
let house: ReturnType<typeof connectionsHouse>;
beforeAll(async () => {
  db = await testDatabase();
  house = connectionsHouse(db.database);
});
beforeEach(async () => {
  await house.empty();
  for (const name of ['one', 'two', 'three']) house.tokens.set(`token-${name}`, lasting);
});
afterAll(() => db.drop());

const sql: TestDatabase['database']['sql'] = (text, ...values) => db.database.sql(text, ...values);
const add = (name: string, token = `token-${name}`, businessIds: string[] = []) =>
  addConnection(house, admin, { name, businessIds, token }, signal);
async function added(name: string): Promise<number> {
  const wish = await add(name);
  if (!wish.isDone) throw new Error(wish.problem);
  return wish.value.id;
}
async function tokenOf(id: number): Promise<string | null> {
  const row = await findToken(db.database.sql, id);
  const opened = row === null ? null : openToken(house.sealer, row);
  return opened?.ok === true ? opened.text : null;
}
const audits = () => sql<{ actor: string; action: string }>`select actor, action from audit_log order by id`;
const stateOf = async (name: string) =>
  (await listConnections(db.database.sql)).find((c) => c.name === name)?.state;

describe('adding', () => {
  test('stores the connection, its sealed token and what Meta tells of it', async () => {
    const wish = await add('Beta BM', ' token-one\n', ['123', '456']);
    expect(wish).toEqual({ isDone: true, value: { id: 1, unchecked: null } });
    expect(await listConnections(db.database.sql)).toEqual([
      {
        id: 1,
        name: 'Beta BM',
        kind: 'meta',
        state: 'ok',
        stateReason: null,
        businessIds: ['123', '456'],
        retryAt: null,
        businessesReadAt: null,
        onlyInBusinesses: 0,
        failedCycles: 0,
        accounts: 0,
      },
    ]);
    expect(await tokenOf(1)).toBe('token-one');
    expect(await listTokens(db.database.sql)).toMatchObject([
      { kind: 'SYSTEM_USER', expiresAt: Infinity, dataAccessExpiresAt: Infinity, checkedAt: startAt },
    ]);
    expect(await audits()).toEqual([{ actor: admin.name, action: 'connection.added' }]);
  });

  test('refuses a name that is taken, and changes nothing', async () => {
    await added('one');
    expect(await add('one', 'token-two')).toMatchObject({ isDone: false });
    expect(await tokenOf(1)).toBe('token-one');
    expect(await audits()).toHaveLength(1);
  });

  test.each([
    ['no token', 'x', '  ', []],
    ['a token in two words', 'x', 'a b', []],
    ['a token of other letters', 'x', 'zwölf', []],
    ['a token too long', 'x', 'x'.repeat(2001), []],
    ['no name', '', 'token-one', []],
    ['an invisible name', 'a\u0000b', 'token-one', []],
    ['a name with an edge', ' a', 'token-one', []],
    ['a Business Manager in words', 'x', 'token-one', ['Beta']],
  ])('refuses %s', async (_what, name, token, businessIds) => {
    expect(await add(name, token, businessIds)).toMatchObject({ isDone: false });
    expect(await sql`select 1 from connections`).toEqual([]);
  });

  test.each([
    [
      'dead',
      { ...lasting, isValid: false, problem: '(#190/460) gone; make a new token' },
      /gone; make a new/,
    ],
    ['without ads_read', { ...lasting, scopes: ['business_management'] }, /ads_read/],
    [
      'asked for by a wrong app',
      trouble('config', 'META_APP_ID or META_APP_SECRET is refused'),
      /META_APP_ID/,
    ],
  ])('refuses a token that is %s and does not keep it', async (_what, known, problem) => {
    house.tokens.set('token-bad', known);
    const wish = await add('bad');
    expect(wish.isDone ? '' : wish.problem).toMatch(problem);
    expect(wish.isDone ? '' : wish.problem).not.toContain('token-bad');
    expect(await sql`select 1 from connection_tokens`).toEqual([]);
  });

  test('takes a token that cannot be looked at now, and looks at it soon', async () => {
    expect(await add('far', 'token-unknown')).toEqual({
      isDone: true,
      value: { id: 1, unchecked: 'connection failed' },
    });
    expect(await sql`select check_due_at from connection_tokens`).toEqual([{ check_due_at: null }]);
  });
});

test.each<Role>(['viewer', 'analyst'])('a %s may none of it', async (role) => {
  await added('one');
  const actor = { role, name: 'x' };
  const source = { ...house, sourceOf: () => Promise.resolve(null) };
  for (const attempt of [
    () => addConnection(house, actor, { name: 'two', businessIds: [], token: 'token-two' }, signal),
    () => pauseConnection(house, actor, 'one'),
    () => resumeConnection(house, actor, 'one', signal),
    () => replaceToken(house, actor, { name: 'one', token: 'token-two' }, signal),
    () => removeConnection(house, actor, 'one'),
    () => testConnection(source, actor, 'one', signal),
    () => rotateKey(house, actor),
  ])
    await expect(async () => attempt()).rejects.toThrow(/may not connections:change/);
  expect(await audits()).toHaveLength(1);
  expect([await tokenOf(1), await stateOf('one')]).toEqual(['token-one', 'ok']);
});

describe('pausing', () => {
  test('holds against what cycles find out, till it is resumed', async () => {
    const id = await added('one');
    await sql`update connections set failed_cycles = 4`;
    await pauseConnection(house, admin, 'one');
    await setConnectionState(db.database.sql, id, 'token_dead', 'late answer', startAt);
    expect(await stateOf('one')).toBe('paused');
    house.tokenOffice.inspected.length = 0;
    expect(await resumeConnection(house, admin, 'one', signal)).toMatchObject({ isDone: true });
    expect(await listConnections(db.database.sql)).toMatchObject([{ state: 'ok', failedCycles: 0 }]);
    expect(house.tokenOffice.inspected).toEqual(['token-one']);
    expect((await audits()).map(({ action }) => action)).toEqual([
      'connection.added',
      'connection.paused',
      'connection.resumed',
    ]);
  });

  test('twice is once', async () => {
    await added('one');
    await pauseConnection(house, admin, 'one');
    await pauseConnection(house, admin, 'one');
    expect(await audits()).toHaveLength(2);
  });

  test('a token that died meanwhile is found at once', async () => {
    await added('one');
    await pauseConnection(house, admin, 'one');
    house.tokens.set('token-one', { ...lasting, isValid: false, problem: 'gone' });
    await resumeConnection(house, admin, 'one', signal);
    expect(await stateOf('one')).toBe('token_dead');
    expect(await resumeConnection(house, admin, 'one', signal)).toMatchObject({
      isDone: false,
      problem: expect.stringContaining('connection replace "one"') as string,
    });
  });

  test('a stopped one is resumed, or paused', async () => {
    const id = await added('one');
    await setConnectionState(db.database.sql, id, 'stopped', 'blocked', startAt, startAt + 5000);
    expect(await listConnections(db.database.sql)).toMatchObject([
      { state: 'stopped', retryAt: startAt + 5000 },
    ]);
    await resumeConnection(house, admin, 'one', signal);
    expect(await listConnections(db.database.sql)).toMatchObject([
      { state: 'ok', retryAt: null, stateReason: null },
    ]);
    await setConnectionState(db.database.sql, id, 'stopped', 'blocked', startAt);
    await pauseConnection(house, admin, 'one');
    expect(await stateOf('one')).toBe('paused');
  });

  test('what there is not cannot be paused', async () => {
    expect(await pauseConnection(house, admin, 'none')).toMatchObject({
      isDone: false,
      problem: expect.stringContaining('connection list') as string,
    });
  });
});

describe('replacing', () => {
  test('ends a dead token and what was said about it', async () => {
    const id = await added('one');
    await setConnectionState(db.database.sql, id, 'token_dead', 'gone', startAt);
    await sql`
      insert into alerts (key, kind, severity, title, body, connection_id, opened_at)
      values ('k', 'token_dead', 'critical', 't', 'b', ${id}, now())`;
    const wish = await replaceToken(house, admin, { name: 'one', token: 'token-two' }, signal);
    expect(wish).toEqual({ isDone: true, value: { unchecked: null } });
    expect([await tokenOf(id), await stateOf('one')]).toEqual(['token-two', 'ok']);
    expect(await sql`select 1 from alerts where resolved_at is null`).toEqual([]);
    expect((await audits()).at(-1)?.action).toBe('connection.token_replaced');
  });

  test('by a dead one changes nothing; a paused one stays paused', async () => {
    const id = await added('one');
    house.tokens.set('token-bad', { ...lasting, isValid: false });
    expect(await replaceToken(house, admin, { name: 'one', token: 'token-bad' }, signal)).toMatchObject({
      isDone: false,
    });
    expect(await tokenOf(id)).toBe('token-one');
    await pauseConnection(house, admin, 'one');
    await replaceToken(house, admin, { name: 'one', token: 'token-two' }, signal);
    expect([await tokenOf(id), await stateOf('one')]).toEqual(['token-two', 'paused']);
  });
});

describe('removing', () => {
  test('hands over what others read, archives the rest, and forgets the token', async () => {
    const [one, two] = [await added('one'), await added('two')];
    await addAccounts(house, one, 4);
    // Account 1 and 2 are reached by the other too, which may not read 2; account 4 was lost by it.
    await sql`
      insert into reach (connection_id, account_no, found_at, denied_at, lost_at)
      values (${two}, 1, now(), null, null), (${two}, 2, now(), now(), null), (${two}, 4, now(), null, now())`;
    expect(await listCoverage(db.database.sql)).toEqual([
      { connectionId: one, found: 4, readable: 4, monitored: 4 },
      { connectionId: two, found: 2, readable: 1, monitored: 0 },
    ]);
    expect(await removeConnection(house, admin, 'one')).toEqual({
      isDone: true,
      value: { handedOver: 1, archived: 3 },
    });
    expect(await listConnections(db.database.sql)).toMatchObject([{ id: two, name: 'two', accounts: 1 }]);
    expect(await listCoverage(db.database.sql)).toEqual([
      { connectionId: two, found: 2, readable: 1, monitored: 1 },
    ]);
    expect(await listTokens(db.database.sql)).toMatchObject([{ connectionId: two }]);
    expect(await sql`select no, connection_id as c, archived_at as at from accounts order by no`).toEqual([
      { no: 1, c: two, at: null },
      { no: 2, c: one, at: startAt },
      { no: 3, c: one, at: startAt },
      { no: 4, c: one, at: startAt },
    ]);
    expect(
      await sql`select account_no as no, kind, from_state, to_state from transitions order by id`,
    ).toEqual([2, 3, 4].map((no) => ({ no, kind: 'archived', from_state: 'active', to_state: 'archived' })));
    expect(await sql`select 1 from reach where connection_id = ${one} and lost_at is null`).toEqual([]);
    expect(await sql`select name, state from connections where id = ${one}`).toEqual([
      { name: 'one (removed 1)', state: 'paused' },
    ]);
    expect((await audits()).at(-1)).toEqual({ actor: admin.name, action: 'connection.removed' });
  });

  test('an account comes back once another connection finds it, but not one that somebody archived', async () => {
    const one = await added('one');
    await addAccounts(house, one, 3);
    await sql`update accounts set archived_at = ${startAt - 1000} where no = 3`;
    await removeConnection(house, admin, 'one');
    await adoptAccounts(house);
    expect(await sql`select 1 from accounts where archived_at is null`).toEqual([]);
    const again = await added('one');
    expect(again).not.toBe(one);
    await sql`insert into reach (connection_id, account_no, found_at) select ${again}::int, no, now() from accounts where no <> 2`;
    await adoptAccounts(house);
    await adoptAccounts(house);
    expect(await sql`select no, connection_id as c from accounts where archived_at is null`).toEqual([
      { no: 1, c: again },
    ]);
    expect(
      await sql`select account_no as no, from_state, to_state from transitions where kind = 'unarchived'`,
    ).toEqual([{ no: 1, from_state: 'archived', to_state: 'active' }]);
  });

  test('the simulated one is not to be removed', async () => {
    await sql`insert into connections (name, kind) values ('simulation', 'simulation')`;
    expect(await removeConnection(house, admin, 'simulation')).toMatchObject({ isDone: false });
  });
});

describe('the token of the settings', () => {
  const take = (token: string) => takeSettingsToken(house, token);

  test('is taken once, and again when it changes', async () => {
    await take('from-settings');
    await take('from-settings');
    expect(await audits()).toEqual([{ actor: 'settings', action: 'connection.token_taken' }]);
    expect(await tokenOf(1)).toBe('from-settings');
    await take('another');
    expect(await tokenOf(1)).toBe('another');
    expect(await audits()).toHaveLength(2);
  });

  test('gives way to what took its place, till the settings bring another', async () => {
    await take('from-settings');
    await replaceToken(house, admin, { name: 'default', token: 'token-two' }, signal);
    await take('from-settings');
    expect(await tokenOf(1)).toBe('token-two');
    await take('another');
    expect(await tokenOf(1)).toBe('another');
  });

  test('takes over a connection "default" that was there, and revives a dead one', async () => {
    const id = await added('default').catch(async () => {
      house.tokens.set('token-default', lasting);
      return added('default');
    });
    await setConnectionState(db.database.sql, id, 'token_dead', 'gone', startAt);
    await take('from-settings');
    expect([await tokenOf(id), await stateOf('default')]).toEqual(['from-settings', 'ok']);
  });

  test('heals a stored token that does not open any more', async () => {
    await take('from-settings');
    const other = connectionsHouse(db.database);
    await takeSettingsToken(other, 'from-settings');
    const row = await findToken(db.database.sql, 1);
    expect(row !== null && openToken(other.sealer, row)).toEqual({ ok: true, text: 'from-settings' });
  });

  test('two starts at once take it once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => take('from-settings')));
    expect(await audits()).toHaveLength(1);
  });
});
