import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../../tests/members-house.ts';
import { supabaseProject, type SupabaseProject } from '../../../tests/supabase/project.ts';
import { supabaseSignIn } from '../../adapters/sign-in/supabase-sign-in.ts';
import type { CookieJar } from '../../ports/sign-in.ts';
import { addMember } from './add-member.ts';
import { changeRole } from './change-role.ts';
import { jarOfHeader } from './cookie-jar.ts';
import { disableMember } from './disable-member.ts';
import { ensureFirstAdmin } from './ensure-first-admin.ts';
import { actorOfCookies } from './find-actor.ts';
import { sessionCookie } from './session-life.ts';
import { setUpFirstAdmin } from './set-up-first-admin.ts';
import { signInWithPassword } from './sign-in.ts';
import { endSession } from './sign-out.ts';

/** What signing in has to be, whoever keeps the passwords and signs the sessions. */

let db: TestDatabase;
let project: SupabaseProject;
let house: MembersHouse;

beforeAll(async () => {
  [db, project] = await Promise.all([testDatabase(), supabaseProject()]);
});
afterAll(() => Promise.all([db.drop(), project.close()]));

const jane = 'jane@agency.example';
const { options } = sessionCookie(new URL('http://localhost:3000'));
const address = '192.0.2.1';

async function enter(jar: CookieJar = jarOfHeader(null), email = jane, word = password): Promise<CookieJar> {
  const result = await signInWithPassword(house, { email, password: word, address }, jar);
  if (result.outcome !== 'in') throw new Error(`not signed in: ${JSON.stringify(result)}`);
  return jar;
}
const reader = (jar: CookieJar) => actorOfCookies(house, jar, 'read');
const writer = (jar: CookieJar) => actorOfCookies(house, jar, 'write');

describe.each(['embedded', 'supabase'] as const)('%s', (way) => {
  beforeEach(async () => {
    house = membersHouse(db.database);
    await house.empty();
    project.auth.users.clear();
    if (way === 'supabase') house.signIn = supabaseSignIn(project, { name: 'arbhub-auth', options });
    await addMember(house, operator, { email: jane, role: 'viewer', password });
  });

  test('a member is known by his cookies, to read and to write', async () => {
    const jar = await enter();
    expect(await reader(jar)).toEqual({ role: 'viewer', name: jane });
    expect(await writer(jar)).toEqual({ role: 'viewer', name: jane });
    expect(await reader(jarOfHeader(null))).toBeNull();
    // The cookies as the browser sends them.
    const header = jar
      .getAll()
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    expect(await reader(jarOfHeader(`theme=dark; ${header}`))).toMatchObject({ name: jane });
  });

  test('a wrong password, an unknown e-mail and none at all are refused, and leave no cookie', async () => {
    for (const given of [
      { email: jane, password: 'another password of jane' },
      { email: jane, password: '' },
      { email: 'nobody@agency.example', password },
    ]) {
      const jar = jarOfHeader(null);
      expect(await signInWithPassword(house, { ...given, address }, jar)).toMatchObject({ outcome: 'wrong' });
      expect(jar.getAll()).toEqual([]);
    }
  });

  test('each sign-in is another session, and ends the one that the browser had', async () => {
    const jar = await enter();
    const before = jarOfHeader(
      jar
        .getAll()
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
    );
    await enter(jar);
    expect(await reader(before)).toBeNull();
    expect(await reader(jar)).toMatchObject({ name: jane });
    expect(await db.database.sql`select 1 from sessions`).toHaveLength(1);
  });

  test('the database holds digests only', async () => {
    const jar = await enter();
    const token = (await house.signIn.sessionOf(jar, 'read')) ?? '';
    const [row] = await db.database.sql<{ token_sha256: Uint8Array }>`select token_sha256 from sessions`;
    expect(Buffer.from(row?.token_sha256 ?? [])).toEqual(Buffer.from(house.signIn.digest(token)));
    const [member] = await db.database.sql<{ password_hash: string }>`select password_hash from members`;
    expect(member?.password_hash).not.toContain(password);
  });

  test('signing out ends the session everywhere and empties the jar', async () => {
    const jar = await enter();
    const copy = jarOfHeader(
      jar
        .getAll()
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
    );
    const token = await house.signIn.sessionOf(jar, 'read');
    await endSession(house, token ?? '');
    await house.signIn.end(jar);
    expect(jar.getAll()).toEqual([]);
    expect(await reader(copy)).toBeNull();
    expect(await writer(copy)).toBeNull();
  });

  test('a role is that of our table at this moment', async () => {
    const jar = await enter();
    await db.database.sql`update members set role = 'admin'`;
    expect(await reader(jar)).toMatchObject({ role: 'admin' });
    await changeRole(house, operator, { email: jane, role: 'viewer' }).catch(() => undefined);
    await db.database.sql`update members set role = 'analyst'`;
    expect(await reader(await enter())).toMatchObject({ role: 'analyst' });
  });

  test('another role ends his sessions', async () => {
    const jar = await enter();
    expect(await changeRole(house, operator, { email: jane, role: 'analyst' })).toMatchObject({
      isDone: true,
    });
    expect(await reader(jar)).toBeNull();
    expect(await writer(jar)).toBeNull();
  });

  test('whoever is shut out is out at once, and cannot come back', async () => {
    const jar = await enter();
    expect(await disableMember(house, operator, { email: jane })).toMatchObject({ isDone: true });
    expect(await reader(jar)).toBeNull();
    expect(await writer(jar)).toBeNull();
    expect(await signInWithPassword(house, { email: jane, password, address })).not.toMatchObject({
      outcome: 'in',
    });
  });

  test('a session ends after twelve hours without use', async () => {
    const jar = await enter();
    house.clock.pass(12 * 3_600_000);
    expect(await reader(jar)).toBeNull();
  });

  test('a second member of one e-mail is refused, and the first keeps his password', async () => {
    const again = await addMember(house, operator, {
      email: jane,
      role: 'admin',
      password: 'quite another word 77',
    });
    expect(again).toMatchObject({ isDone: false });
    expect(await reader(await enter())).toMatchObject({ role: 'viewer' });
  });

  test('the password can be asked for again without a session', async () => {
    const [row] = await db.database.sql<{ password_hash: string }>`select password_hash from members`;
    const kept = row?.password_hash ?? null;
    expect(await house.signIn.verifyPassword(password, kept, jane)).toBe(true);
    expect(await house.signIn.verifyPassword('another password', kept, jane)).toBe(false);
    expect(await house.signIn.verifyPassword(password, null, jane)).toBe(false);
  });

  test('a new password takes the place of the old one', async () => {
    const kept = await house.signIn.hashPassword('quite another word 77', jane);
    await db.database.sql`update members set password_hash = ${kept}`;
    await expect(enter()).rejects.toThrow('wrong');
    expect(await reader(await enter(undefined, jane, 'quite another word 77'))).toMatchObject({ name: jane });
  });

  test('the first admin comes from the environment', async () => {
    await house.empty();
    house.config.admin = { email: 'boss@agency.example', password };
    expect(await ensureFirstAdmin(house)).toMatchObject({ kind: 'created' });
    expect(await reader(await enter(undefined, 'boss@agency.example'))).toMatchObject({ role: 'admin' });
    expect(await ensureFirstAdmin(house)).toEqual({ kind: 'exists' });
  });

  test('or by the set-up link, which signs him in', async () => {
    await house.empty();
    const made = await ensureFirstAdmin(house);
    const token = made.kind === 'link' ? (new URL(made.url).searchParams.get('token') ?? '') : '';
    const jar = jarOfHeader(null);
    const wish = await setUpFirstAdmin(house, token, { email: 'boss@agency.example', password }, jar);
    expect(wish).toMatchObject({ isDone: true });
    expect(await writer(jar)).toMatchObject({ role: 'admin', name: 'boss@agency.example' });
  });
});
