import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { findConnection } from '../../store/connections.ts';
import { claimRenewal, findToken } from '../../store/connection-tokens.ts';
import { addConnection } from './add-connection.ts';
import { checkTokenNow, checkTokens } from './check-tokens.ts';
import { admin, connectionsHouse, dayMs, lasting, signal, startAt, trouble } from './connections.fixture.ts';
import { pauseConnection } from './pause-connection.ts';
import { replaceToken } from './replace-token.ts';
import { openToken } from './store-token.ts';
import { takeSettingsToken } from './take-settings-token.ts';

let db: TestDatabase;
let house: ReturnType<typeof connectionsHouse>;
beforeAll(async () => {
  db = await testDatabase();
});
beforeEach(async () => {
  house = connectionsHouse(db.database);
  await house.empty();
});
afterAll(() => db.drop());

const sql: TestDatabase['database']['sql'] = (text, ...values) => db.database.sql(text, ...values);
const inDays = (days: number) => ({ ...lasting, expiresAt: startAt + days * dayMs });

async function add(name: string, token = `token-${name}`): Promise<number> {
  const wish = await addConnection(house, admin, { name, businessIds: [], token }, signal);
  if (!wish.isDone) throw new Error(wish.problem);
  return wish.value.id;
}
const check = (which: 'due' | 'all' = 'due') => checkTokens(house, which, signal);
const state = async (id = 1) => (await findConnection(db.database.sql, { id }))?.state;
async function token(id = 1): Promise<string | null> {
  const row = await findToken(db.database.sql, id);
  const opened = row === null ? null : openToken(house.sealer, row);
  return opened?.ok === true ? opened.text : null;
}
interface Told {
  kind: string;
  severity: string;
  body: string;
  isOpen: boolean;
  deliveries: number;
}
const alerts = () => sql<Told>`
  select kind, severity, body, resolved_at is null as "isOpen",
    (select count(*) from deliveries d where d.alert_id = a.id) as deliveries
  from alerts a order by id`;

/** Looks each hour for `days` days, as the scheduler does each minute; answers when what happened, in days. */
async function live(days: number, look: () => Promise<string>): Promise<[number, string][]> {
  const seen: [number, string][] = [];
  for (let hour = 0; hour <= days * 24; hour++) {
    await check();
    const now = await look();
    if (seen.at(-1)?.[1] !== now) seen.push([hour / 24, now]);
    house.clock.advance(60 * 60_000);
  }
  return seen;
}

describe('expiry', () => {
  test('is told at 14, 7, 3 and 1 days, once each, and the level before ends', async () => {
    // A person's token: nothing renews it.
    house.tokens.set('token-one', { ...inDays(16), kind: 'USER' });
    await add('one');
    const seen = await live(18, async () =>
      (await alerts()).map(({ severity, isOpen }) => `${severity[0]}${isOpen ? '!' : ''}`).join(' '),
    );
    expect(seen).toEqual([
      [0, ''],
      [2, 'w!'],
      [9, 'w c!'],
      [13, 'w c c!'],
      [15, 'w c c c!'],
    ]);
    const told = await alerts();
    expect(told.every(({ kind, deliveries }) => kind === 'token_expiring' && deliveries === 1)).toBe(true);
    expect(told[0]?.body).toBe(
      'The token of connection "one" ends on 2026-12-10 10:00 UTC, in 14 days. Nothing of its 0 accounts can be read after that. It does not renew by itself: make a new token and replace this one.',
    );
    expect(told[3]?.body).toContain('in 1 day.');
  });

  test('the earlier of the two clocks counts', async () => {
    house.tokens.set('token-one', { ...lasting, dataAccessExpiresAt: startAt + 3 * dayMs });
    await add('one');
    await check('all');
    expect(await alerts()).toMatchObject([{ severity: 'critical', isOpen: true }]);
  });

  test.each([
    ['never', lasting],
    ['unknown', { ...lasting, expiresAt: null, dataAccessExpiresAt: null, kind: null, scopes: null }],
  ])('that is %s is never told', async (_what, facts) => {
    house.tokens.set('token-one', facts);
    await add('one');
    expect(await live(3, async () => String((await alerts()).length))).toEqual([[0, '0']]);
    // Three days hold a look at the start's end and one on each day; adding it looked once.
    expect(house.tokenOffice.inspected.length).toBeLessThanOrEqual(5);
    expect(house.tokenOffice.inspected.length).toBeGreaterThanOrEqual(4);
  });

  test('is told on time although Meta cannot be asked', async () => {
    house.tokens.set('token-one', { ...inDays(8), kind: 'USER' });
    await add('one');
    await check('all');
    house.tokens.delete('token-one');
    const seen = await live(3, async () => String((await alerts()).length));
    expect(seen).toEqual([
      [0, '1'],
      [1, '2'],
    ]);
  });

  test('ends with another token', async () => {
    house.tokens.set('token-one', { ...inDays(2), kind: 'USER' }).set('token-two', lasting);
    await add('one');
    await check('all');
    expect(await alerts()).toMatchObject([{ isOpen: true }]);
    await replaceToken(house, admin, { name: 'one', token: 'token-two' }, signal);
    expect(await alerts()).toMatchObject([{ isOpen: false }]);
    await check('all');
    expect(await alerts()).toHaveLength(1);
  });
});

describe('renewal', () => {
  test('happens 20 days before the end, verified, and nobody is warned; then again from the new token', async () => {
    house.tokens.set('token-one', inDays(60));
    let count = 0;
    house.tokenOffice.exchange = () => {
      const at = startAt + 40 * (count + 1) * dayMs;
      house.tokens.set(`renewed-${++count}`, { ...lasting, expiresAt: at + 60 * dayMs });
      return `renewed-${count}`;
    };
    await add('one');
    const seen = await live(90, async () => (await token()) ?? '');
    expect(seen).toEqual([
      [0, 'token-one'],
      [40, 'renewed-1'],
      [80, 'renewed-2'],
    ]);
    expect(house.tokenOffice.renewed).toEqual(['token-one', 'renewed-1']);
    expect(await alerts()).toEqual([]);
    expect(await sql`select actor, action from audit_log where id > 1`).toEqual(
      Array(2).fill({ actor: 'arbhub', action: 'connection.token_renewed' }),
    );
    expect(await findToken(db.database.sql, 1)).toMatchObject({
      renewedAt: startAt + 80 * dayMs,
      renewalFailed: null,
      expiresAt: startAt + 140 * dayMs,
    });
  });

  test('that fails is tried once a day, and the warnings say why', async () => {
    house.tokens.set('token-one', inDays(21));
    await add('one');
    house.tokenOffice.exchange = () => trouble('request', 'not allowed here');
    const seen = await live(10, async () => String(house.tokenOffice.renewed.length));
    expect(seen.map(([at]) => at)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(await alerts()).toMatchObject([
      {
        severity: 'warning',
        body: expect.stringContaining(
          'ArbHub tries to renew it every day, the last attempt failed: not allowed here.',
        ) as string,
      },
    ]);
    expect(await token()).toBe('token-one');
  });

  test.each([
    ['cannot be verified', trouble('transient', 'no answer'), 'could not be verified: no answer'],
    ['is dead', { ...lasting, isValid: false, problem: 'gone' }, 'refuses the new token: gone'],
    ['lost a permission', { ...lasting, scopes: ['ads_read'] }, 'lacks permissions: business_management'],
    ['ends as soon', inDays(10), 'lives no longer'],
  ])('is not taken when the new token %s', async (_what, facts, reason) => {
    house.tokens.set('token-one', inDays(10)).set('renewed', facts);
    house.tokenOffice.exchange = () => 'renewed';
    await add('one');
    await check('all');
    expect(await token()).toBe('token-one');
    expect((await findToken(db.database.sql, 1))?.renewalFailed).toContain(reason);
    expect(JSON.stringify(house.lines)).not.toContain('token-one');
  });

  test('is done once by many processes', async () => {
    house.tokens.set('token-one', inDays(10)).set('renewed', inDays(70));
    house.tokenOffice.exchange = () => 'renewed';
    await add('one');
    await Promise.all(Array.from({ length: 10 }, () => checkTokenNow(house, 1, signal)));
    expect(house.tokenOffice.renewed).toEqual(['token-one']);
    expect(await token()).toBe('renewed');
    const row = await findToken(db.database.sql, 1);
    const claims = [1, 2, 3].map((ms) => claimRenewal(db.database.sql, row!, startAt + ms));
    expect((await Promise.all(claims)).filter((isOurs) => isOurs)).toHaveLength(1);
  });

  test('gives way to a token that an operator puts there meanwhile', async () => {
    house.tokens.set('token-one', inDays(10)).set('renewed', inDays(70)).set('token-two', lasting);
    house.tokenOffice.exchange = () => 'renewed';
    await add('one');
    const { inspect } = house.tokenOffice;
    house.tokenOffice.inspect = async (asked) => {
      if (asked === 'renewed') await replaceToken(house, admin, { name: 'one', token: 'token-two' }, signal);
      return inspect(asked);
    };
    await check('all');
    expect(await token()).toBe('token-two');
    expect(await sql`select 1 from audit_log where action = 'connection.token_renewed'`).toEqual([]);
  });

  test('a renewed token outlives the one in the settings at the next start', async () => {
    house.tokens.set('from-settings', inDays(10)).set('renewed', inDays(70));
    house.tokenOffice.exchange = () => 'renewed';
    await takeSettingsToken(house, 'from-settings');
    await check();
    expect(await token()).toBe('renewed');
    await takeSettingsToken(house, 'from-settings');
    expect(await token()).toBe('renewed');
    await takeSettingsToken(house, 'another');
    expect(await token()).toBe('another');
  });

  test('is left alone without the app, and for a paused connection goes on', async () => {
    house.tokens.set('token-one', inDays(10)).set('renewed', inDays(70));
    house.tokenOffice.exchange = () => 'renewed';
    await add('one');
    house.tokenOffice.knowsApp = false;
    await check('all');
    expect(await token()).toBe('token-one');
    house.tokenOffice.knowsApp = true;
    await pauseConnection(house, admin, 'one');
    await check('all');
    expect([await token(), await state()]).toEqual(['renewed', 'paused']);
  });
});

describe('a dead token', () => {
  test('stops its connection alone, and is told once', async () => {
    for (const name of ['one', 'two', 'three']) {
      house.tokens.set(`token-${name}`, lasting);
      await add(name);
    }
    house.tokens.set('token-two', { ...lasting, isValid: false, problem: 'gone; make a new token' });
    await check('all');
    await check('all');
    expect([await state(1), await state(2), await state(3)]).toEqual(['ok', 'token_dead', 'ok']);
    expect(await alerts()).toEqual([
      {
        kind: 'token_dead',
        severity: 'critical',
        body: expect.stringContaining('"two": gone; make a new token.') as string,
        isOpen: true,
        deliveries: 1,
      },
    ]);
  });

  test('of a paused connection is nobody’s trouble', async () => {
    house.tokens.set('token-one', lasting);
    await add('one');
    await pauseConnection(house, admin, 'one');
    house.tokens.set('token-one', { ...lasting, isValid: false });
    await check('all');
    expect([await state(), await alerts()]).toEqual(['paused', []]);
  });

  test('replaced while Meta was asked does not harm the new one', async () => {
    house.tokens.set('token-one', lasting).set('token-two', lasting);
    await add('one');
    house.tokens.set('token-one', { ...lasting, isValid: false });
    const { inspect } = house.tokenOffice;
    house.tokenOffice.inspect = async (asked) => {
      house.clock.advance(1000);
      if (asked === 'token-one')
        await replaceToken(house, admin, { name: 'one', token: 'token-two' }, signal);
      return inspect(asked);
    };
    await checkTokenNow(house, 1, signal);
    expect([await state(), await token(), await alerts()]).toEqual(['ok', 'token-two', []]);
  });
});

test('a token without ads_read is told once and reading goes on', async () => {
  house.tokens.set('token-one', lasting);
  await add('one');
  house.tokens.set('token-one', { ...lasting, scopes: ['business_management'] });
  await check('all');
  await sql`update alerts set resolved_at = now()`;
  await check('all');
  expect(await alerts()).toMatchObject([
    { kind: 'polling_failing', body: expect.stringContaining('lacks the permission ads_read') as string },
  ]);
  expect(await state()).toBe('ok');
});

describe('a token that does not open', () => {
  test('stops its connection alone with the reason, and the connection works again with the key', async () => {
    house.tokens.set('token-one', lasting).set('token-two', lasting);
    await add('one');
    const other = connectionsHouse(db.database);
    other.tokens.set('token-two', lasting);
    await addConnection(other, admin, { name: 'two', businessIds: [], token: 'token-two' }, signal);
    await check('all');
    expect([await state(1), await state(2)]).toEqual(['ok', 'stopped']);
    const stopped = await findConnection(db.database.sql, { id: 2 });
    expect(stopped?.stateReason).toMatch(
      /^its token does not open: it was sealed with key [0-9a-f]{8}, which is not known here\. Put that key into ENCRYPTION_KEY_PREVIOUS/,
    );
    expect(await alerts()).toMatchObject([{ kind: 'polling_failing', isOpen: true, deliveries: 1 }]);
    expect(house.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { event: 'a stored token does not open', connection: 'two' },
    ]);
    await checkTokens(other, 'all', signal);
    expect(await state(2)).toBe('ok');
    expect(await state(1)).toBe('stopped');
    expect((await alerts()).filter(({ isOpen }) => isOpen)).toHaveLength(1);
  });
});

test('a look that brought nothing is repeated within the hour, not each minute', async () => {
  await add('one');
  expect(house.tokenOffice.inspected).toHaveLength(1);
  await check();
  await check();
  expect(house.tokenOffice.inspected).toHaveLength(2);
  house.clock.advance(60 * 60_000);
  await check();
  expect(house.tokenOffice.inspected).toHaveLength(3);
  expect(house.lines).toHaveLength(2);
  expect(house.lines[0]).toMatchObject({ event: 'token not checked', detail: 'connection failed' });
});
