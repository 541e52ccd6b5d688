import { randomUUID } from 'node:crypto';
import { stringToBase64URL } from '@supabase/ssr';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { supabaseProject, type SupabaseProject } from '../../../tests/supabase/project.ts';
import { claimsOf, ellipticSigner, secretSigner, unsigned } from '../../../tests/supabase/tokens.ts';
import { type CookieOptions, NotTaken, type SignIn } from '../../ports/sign-in.ts';
import { jarOfHeader } from '../../services/members/cookie-jar.ts';
import { renewSession, supabaseSignIn } from './supabase-sign-in.ts';

/** Supabase Auth as an outside service that can be lied about. The library is the real one, the service speaks its wire. */

let project: SupabaseProject;
let signIn: SignIn;
let ref: string;
const options: CookieOptions = { httpOnly: true, secure: false, sameSite: 'lax', path: '/', maxAge: 604_800 };
const cookie = { name: 'arbhub-auth', options };
const jane = { email: 'jane@agency.example', password: 'violet kettle under 9 stairs' };

beforeAll(async () => {
  project = await supabaseProject();
});
afterAll(() => project.close());
beforeEach(async () => {
  project.auth.users.clear();
  // Its library keeps the keys of a project for the whole process, by their names.
  project.auth.signer = ellipticSigner(randomUUID());
  project.auth.lifeSeconds = 3600;
  project.auth.reuseSeconds = 10;
  signIn = supabaseSignIn(project, cookie);
  ref = await signIn.hashPassword(jane.password, jane.email);
  project.auth.asked.length = 0;
});

async function entered() {
  const jar = jarOfHeader(null);
  expect(await signIn.enter(jane, ref, jar)).toBe('in');
  return jar;
}
function userOf(email: string) {
  const user = [...project.auth.users.values()].find((one) => one.email === email);
  if (user === undefined) throw new Error(`no user ${email}`);
  return user;
}

/** A jar with a session that somebody has put together himself. */
function jarWith(token: string, more: object = {}) {
  const kept = {
    access_token: token,
    token_type: 'bearer',
    expires_in: 3600,
    expires_at: Math.floor(Date.now() / 1000) + 3600,
    refresh_token: 'x',
    user: { id: userOf(jane.email).id, email: jane.email, role: 'admin' },
    ...more,
  };
  const jar = jarOfHeader(null);
  jar.set(cookie.name, `base64-${stringToBase64URL(JSON.stringify(kept))}`, options);
  return jar;
}
async function tokenOf(jar: ReturnType<typeof jarOfHeader>): Promise<string> {
  return (await signIn.outsideToken(jar)) ?? '';
}
async function expectNobody(jar: ReturnType<typeof jarOfHeader>): Promise<void> {
  expect(await signIn.sessionOf(jar, 'read')).toBeNull();
  expect(await signIn.sessionOf(jar, 'write')).toBeNull();
}

describe('a session', () => {
  test('is proven without asking for each page, and asked for before a change', async () => {
    const jar = await entered();
    const session = await signIn.sessionOf(jar, 'read');
    expect(session).toMatch(new RegExp(`^${userOf(jane.email).id}\\.[0-9a-f-]{36}$`));
    project.auth.asked.length = 0;
    for (let n = 0; n < 5; n += 1) expect(await signIn.sessionOf(jar, 'read')).toBe(session);
    expect(project.auth.asked).toEqual([]);
    expect(await signIn.sessionOf(jar, 'write')).toBe(session);
    expect(project.auth.asked).toEqual(['GET /user']);
  });

  test('is asked for each time where the project signs with a shared secret', async () => {
    project.auth.signer = secretSigner('shared');
    const jar = await entered();
    project.auth.asked.length = 0;
    expect(await signIn.sessionOf(jar, 'read')).not.toBeNull();
    expect(project.auth.asked).toEqual(['GET /user']);
    const forged = secretSigner('guessed').sign(claimsOf(await tokenOf(jar)));
    await expectNobody(jarWith(forged));
  });

  test('goes on when the project changes its keys', async () => {
    await signIn.sessionOf(await entered(), 'read');
    project.auth.signer = ellipticSigner(randomUUID());
    expect(await signIn.sessionOf(await entered(), 'read')).not.toBeNull();
  });

  test('is in cookies that no script sees, cut where they are too long', async () => {
    const set: { name: string; value: string; options: CookieOptions }[] = [];
    const inner = jarOfHeader(null);
    userOf(jane.email).user_metadata = { note: 'x'.repeat(4000) };
    const jar = {
      getAll: inner.getAll,
      set(name: string, value: string, how: CookieOptions) {
        set.push({ name, value, options: how });
        inner.set(name, value, how);
      },
    };
    expect(await signIn.enter(jane, ref, jar)).toBe('in');
    expect(set.map(({ name }) => name)).toContain('arbhub-auth.1');
    for (const one of set) expect(one.options).toEqual(options);
    expect(await signIn.sessionOf(jar, 'read')).not.toBeNull();
    await signIn.end(jar);
    expect(inner.getAll()).toEqual([]);
  });

  test('leaves the browser even when Supabase does not answer', async () => {
    const jar = await entered();
    const lost = supabaseSignIn({ ...project, url: 'http://127.0.0.1:9' }, cookie);
    await lost.end(jar);
    expect(jar.getAll()).toEqual([]);
  });

  test('ends for writing as soon as it has ended at Supabase', async () => {
    const jar = await entered();
    const copy = jarWith(await tokenOf(jar));
    await signIn.end(jar);
    expect(await signIn.sessionOf(copy, 'write')).toBeNull();
  });
});

describe('nobody is let in by', () => {
  test('a token that has run out', async () => {
    project.auth.lifeSeconds = -1;
    const jar = jarOfHeader(null);
    await signIn.enter(jane, ref, jar);
    await expectNobody(jar);
    await expect(signIn.begin(jar)).rejects.toThrow('does not verify');
  });

  test('a token of another content, another key, or nobody’s', async () => {
    const jar = await entered();
    const token = await tokenOf(jar);
    const claims = claimsOf(token);
    const { kid } = project.auth.signer;
    const [head = '', , signature = ''] = token.split('.');
    const boss = project.auth.signUp('boss@agency.example', 'x');
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: boss.id })).toString('base64url');
    const forged = [
      `${head}.${changed}.${signature}`,
      `${token.slice(0, -4)}AAAA`,
      token.split('.').slice(0, 2).join('.'),
      ellipticSigner(kid).sign(claims),
      ellipticSigner('unknown').sign(claims),
      unsigned(claims),
      unsigned(claims, { alg: 'none', kid, typ: 'JWT' }),
      unsigned(claims, { alg: 'HS256', kid, typ: 'JWT' }),
      unsigned(claims, { alg: 'RS256', kid, typ: 'JWT' }),
      project.anonKey,
      project.serviceRoleKey,
      '',
      'x.y.z',
    ];
    for (const one of forged) await expectNobody(jarWith(one));
    expect(await signIn.sessionOf(jarWith(token), 'read')).toBe(await signIn.sessionOf(jar, 'read'));
  });

  test('a right token of no session, or of another role', async () => {
    const user = userOf(jane.email);
    for (const more of [
      {},
      { session_id: '' },
      { session_id: 's', role: 'anon' },
      { session_id: 's', sub: '' },
    ])
      await expectNobody(jarWith(project.auth.signedTokenOf(user, more)));
  });

  test('what the cookie says of its user', async () => {
    // getSession() would hand this user out.
    await expectNobody(jarWith('', { user: { id: userOf(jane.email).id, app_metadata: { role: 'admin' } } }));
    const jar = jarOfHeader(null);
    for (const text of ['{}', 'null', '[]', 'not json'])
      for (const value of [text, `base64-${stringToBase64URL(text)}`, 'base64-%%%']) {
        jar.set(cookie.name, value, options);
        await expectNobody(jar);
      }
  });

  test('a ban that came after the token was signed', async () => {
    const jar = await entered();
    await signIn.bar(ref, true);
    expect(await signIn.sessionOf(jar, 'write')).toBeNull();
    expect(await signIn.enter(jane, ref, jarOfHeader(null))).toBe('wrong');
    expect(userOf(jane.email).app_metadata['arbhub']).toBe('barred');
    await signIn.bar(ref, false);
    expect(await signIn.enter(jane, ref, jarOfHeader(null))).toBe('in');
  });

  test('silence: a Supabase that does not answer is a failure, not a sign-out', async () => {
    const jar = await entered();
    const lost = supabaseSignIn({ ...project, url: 'http://127.0.0.1:9' }, cookie);
    await expect(lost.sessionOf(jar, 'read')).rejects.toThrow('Supabase Auth');
    await expect(lost.enter(jane, ref, jarOfHeader(null))).rejects.toThrow('Supabase Auth');
  });
});

test('what users write about themselves changes nothing', async () => {
  userOf(jane.email).user_metadata = { role: 'admin', arbhub: 'member', is_admin: true };
  const jar = await entered();
  expect(await signIn.sessionOf(jar, 'read')).toMatch(new RegExp(`^${userOf(jane.email).id}\\.`));
  project.auth.signUp('eve@evil.example', 'a password of her own').user_metadata = { arbhub: 'member' };
  await expect(signIn.hashPassword('another word for eve 9', 'eve@evil.example')).rejects.toThrow(NotTaken);
});

describe('a user of the project who is no member', () => {
  test('is a stranger, and keeps no session', async () => {
    const eve = { email: 'eve@evil.example', password: 'a password of her own' };
    project.auth.signUp(eve.email, eve.password);
    const jar = jarOfHeader(null);
    for (const kept of [null, ref, '$2b$12$abcdefghijklmnopqrstuv']) {
      expect(await signIn.enter(eve, kept, jar)).toBe('stranger');
      expect(jar.getAll()).toEqual([]);
    }
    expect(project.auth.asked.filter((one) => one === 'POST /logout')).toHaveLength(3);
  });

  test('cannot become a member by having taken his e-mail first', async () => {
    project.auth.signUp('new@agency.example', 'known to the one who came first');
    await expect(signIn.hashPassword('a password for the new one', 'new@agency.example')).rejects.toThrow(
      'was not made by ArbHub',
    );
  });
});

test('a user that an earlier try has left behind is taken up, with the new password', async () => {
  const again = await signIn.hashPassword('another violet kettle 9', jane.email);
  expect(again).toBe(ref);
  expect(await signIn.enter(jane, ref, jarOfHeader(null))).toBe('wrong');
  expect(await signIn.verifyPassword('another violet kettle 9', ref, jane.email)).toBe(true);
});

test('a password that Supabase finds too weak is told to the person', async () => {
  await expect(signIn.hashPassword('weak but long enough', 'x@agency.example')).rejects.toThrow(NotTaken);
});

describe('renewing', () => {
  const copyOf = (jar: ReturnType<typeof jarOfHeader>) =>
    jarOfHeader(
      jar
        .getAll()
        .map(({ name, value }) => `${name}=${value}`)
        .join('; '),
    );

  test('happens in the last moments, once, and keeps the session', async () => {
    project.auth.lifeSeconds = 100;
    const jar = await entered();
    const early = await tokenOf(jar);
    await renewSession(project, cookie, jar);
    expect(await tokenOf(jar)).toBe(early);
    project.auth.lifeSeconds = 60;
    const late = await entered();
    const before = await tokenOf(late);
    project.auth.lifeSeconds = 3600;
    project.auth.asked.length = 0;
    await renewSession(project, cookie, late);
    expect(project.auth.asked).toEqual(['POST /token']);
    const after = await tokenOf(late);
    expect(claimsOf(after)['session_id']).toBe(claimsOf(before)['session_id']);
    expect(claimsOf(after)['exp']).not.toBe(claimsOf(before)['exp']);
    expect(await signIn.sessionOf(late, 'write')).not.toBeNull();
  });

  test('several requests of one browser at once keep the session', async () => {
    project.auth.lifeSeconds = 60;
    const jar = await entered();
    const jars = Array.from({ length: 5 }, () => copyOf(jar));
    project.auth.lifeSeconds = 3600;
    await Promise.all(jars.map((one) => renewSession(project, cookie, one)));
    for (const one of jars) expect(await signIn.sessionOf(one, 'write')).not.toBeNull();
  });

  test('with a token that was used before ends the session for both who have it', async () => {
    project.auth.lifeSeconds = 60;
    const jar = await entered();
    const stolen = copyOf(jar);
    project.auth.lifeSeconds = 3600;
    project.auth.reuseSeconds = 0;
    await renewSession(project, cookie, jar);
    await renewSession(project, cookie, stolen);
    expect(await signIn.sessionOf(jar, 'write')).toBeNull();
    expect(await signIn.sessionOf(stolen, 'write')).toBeNull();
  });

  test('takes out a session that has run out and is not renewed', async () => {
    project.auth.lifeSeconds = -1;
    const jar = await entered();
    await signIn.bar(ref, true);
    await renewSession(project, cookie, jar);
    expect(jar.getAll()).toEqual([]);
  });

  test('asks nobody without a session', async () => {
    await renewSession(project, cookie, jarOfHeader('theme=dark'));
    expect(project.auth.asked).toEqual([]);
  });
});
