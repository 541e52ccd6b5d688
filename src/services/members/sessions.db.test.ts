import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { Sql } from '../../ports/sql.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../../tests/members-house.ts';
import { addMember } from './add-member.ts';
import { changeRole } from './change-role.ts';
import { disableMember } from './disable-member.ts';
import { actorOfCookieHeader, actorOfToken } from './find-actor.ts';
import { signInWithPassword } from './sign-in.ts';
import { endSession } from './sign-out.ts';

const hour = 3_600_000;
let db: TestDatabase;
let house: MembersHouse;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  house = membersHouse(db.database);
  await house.empty();
  await addMember(house, operator, { email: 'jane@agency.example', role: 'viewer', password });
});

async function enter(email = 'jane@agency.example'): Promise<string> {
  const result = await signInWithPassword(house, { email, password, address: '192.0.2.1' });
  if (result.outcome !== 'in') throw new Error(`not signed in: ${JSON.stringify(result)}`);
  return result.token;
}

describe('a session', () => {
  test('is known by its token, however the e-mail was written', async () => {
    const token = await enter(' Jane@Agency.Example ');
    expect(await actorOfToken(house, token)).toEqual({ role: 'viewer', name: 'jane@agency.example' });
    expect(await actorOfToken(house, `${token}x`)).toBeNull();
    expect(await actorOfToken(house, '')).toBeNull();
  });

  test('gets a new token at each sign-in; the database holds only digests', async () => {
    const tokens = [await enter(), await enter()];
    expect(tokens[0]).not.toBe(tokens[1]);
    const rows = await db.database.sql<{ token_sha256: Uint8Array }>`select token_sha256 from sessions`;
    const stored = rows.map((row) => Buffer.from(row.token_sha256).toString('hex')).sort();
    const digests = tokens.map((token) => Buffer.from(house.signIn.digest(token)).toString('hex')).sort();
    expect(stored).toEqual(digests);
  });

  test('ends after twelve hours without use', async () => {
    const token = await enter();
    house.clock.pass(12 * hour - 1);
    expect(await actorOfToken(house, token)).not.toBeNull();
    house.clock.pass(12 * hour - 1);
    expect(await actorOfToken(house, token)).not.toBeNull();
    house.clock.pass(12 * hour);
    expect(await actorOfToken(house, token)).toBeNull();
  });

  test('ends seven days after sign-in, in use or not', async () => {
    const token = await enter();
    for (let passed = 0; passed < 7 * 24 - 1; passed += 1) {
      house.clock.pass(hour);
      expect(await actorOfToken(house, token)).not.toBeNull();
    }
    house.clock.pass(hour);
    expect(await actorOfToken(house, token)).toBeNull();
  });

  test('is written at most once a minute', async () => {
    const token = await enter();
    const seen = async () =>
      (await db.database.sql<{ last_seen_at: number }>`select last_seen_at from sessions`)[0]?.last_seen_at;
    const start = await seen();
    house.clock.pass(59_999);
    await actorOfToken(house, token);
    expect(await seen()).toBe(start);
    house.clock.pass(1);
    await actorOfToken(house, token);
    expect(await seen()).toBe((start ?? 0) + 60_000);
  });

  test('ends at sign-out, and only that one', async () => {
    const [one, two] = [await enter(), await enter()];
    await endSession(house, one);
    expect(await actorOfToken(house, one)).toBeNull();
    expect(await actorOfToken(house, two)).not.toBeNull();
    await endSession(house, one);
  });

  test('that has run out is removed by the next sign-in', async () => {
    await enter();
    house.clock.pass(13 * hour);
    await enter();
    expect(await db.database.sql`select 1 from sessions`).toHaveLength(1);
  });

  test('opens a live line only for a page of our own', async () => {
    const cookie = `other=1; arbhub=${await enter()}; arbhub2=x`;
    const find = (origin: string | null) => actorOfCookieHeader(house, cookie, origin);
    expect(await find('http://localhost:3000')).toMatchObject({ role: 'viewer' });
    expect(await find('http://127.0.0.1:3000')).toMatchObject({ role: 'viewer' });
    for (const origin of [
      null,
      'null',
      '',
      'https://localhost:3000',
      'http://localhost:3001',
      'http://evil.example',
    ]) {
      expect(await find(origin)).toBeNull();
    }
    expect(await actorOfCookieHeader(house, null, 'http://localhost:3000')).toBeNull();
  });
});

describe('a member who changes', () => {
  test('loses all sessions with a new role, and the next one has it', async () => {
    const tokens = [await enter(), await enter()];
    const changed = await changeRole(house, operator, { email: 'JANE@agency.example', role: 'analyst' });
    expect(changed).toEqual({ isDone: true, value: null });
    for (const token of tokens) expect(await actorOfToken(house, token)).toBeNull();
    expect(await actorOfToken(house, await enter())).toMatchObject({ role: 'analyst' });
  });

  test('has the role of the table on the very next request', async () => {
    const token = await enter();
    await db.database.sql`update members set role = 'admin' where email = 'jane@agency.example'`;
    expect(await actorOfToken(house, token)).toMatchObject({ role: 'admin' });
    await db.database.sql`update members set disabled_at = now() where email = 'jane@agency.example'`;
    expect(await actorOfToken(house, token)).toBeNull();
  });

  test('is out once disabled, and cannot come back', async () => {
    const token = await enter();
    await disableMember(house, operator, { email: 'jane@agency.example' });
    expect(await actorOfToken(house, token)).toBeNull();
    expect(await db.database.sql`select 1 from sessions`).toHaveLength(0);
    const again = { email: 'jane@agency.example', password, address: '192.0.2.1' };
    expect(await signInWithPassword(house, again)).toEqual({ outcome: 'wrong', triesLeft: 6 });
  });

  test('cannot be the last admin', async () => {
    await addMember(house, operator, { email: 'boss@agency.example', role: 'admin', password });
    const boss = { email: 'boss@agency.example' };
    expect(await disableMember(house, operator, boss)).toMatchObject({ isDone: false });
    expect(await changeRole(house, operator, { ...boss, role: 'viewer' })).toMatchObject({ isDone: false });
    await addMember(house, operator, { email: 'second@agency.example', role: 'admin', password });
    // Each drops the other at the same moment: one of them must stay. The pause makes sure that both have read.
    const slowly = {
      ...house,
      database: {
        ...db.database,
        transaction: <T>(work: (sql: Sql) => Promise<T>) =>
          db.database.transaction((sql) =>
            work(async (text, ...values) => {
              const rows = await sql(text, ...values);
              await sql`select pg_sleep(0.05)`;
              return rows as never;
            }),
          ),
      },
    };
    const both = await Promise.all([
      disableMember(slowly, operator, boss),
      changeRole(slowly, operator, { email: 'second@agency.example', role: 'viewer' }),
    ]);
    expect(both.filter((wish) => wish.isDone)).toHaveLength(1);
  });
});
