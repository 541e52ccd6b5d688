import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../../tests/members-house.ts';
import { addMember } from './add-member.ts';
import { changeRole } from './change-role.ts';
import { disableMember } from './disable-member.ts';
import { ensureFirstAdmin, type FirstAdmin } from './ensure-first-admin.ts';
import { actorOfToken } from './find-actor.ts';
import { canSetUp, setUpFirstAdmin } from './set-up-first-admin.ts';

const hour = 3_600_000;
const boss = { email: 'boss@agency.example', password };
let db: TestDatabase;
let house: MembersHouse;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  house = membersHouse(db.database);
  await house.empty();
});

function tokenOf(first: FirstAdmin): string {
  if (first.kind !== 'link') throw new Error(`no link but ${first.kind}`);
  return new URL(first.url).searchParams.get('token') ?? '';
}

const memberCount = async () => (await db.database.sql`select 1 from members`).length;

describe('addMember', () => {
  test.each([
    ['elevenchars', 'The password needs at least 12 characters.'],
    ['The quick brown fox jumps over the lazy dog while 9 owls watch it calmly.', 'longer than 72 bytes'],
    ['password1234', 'easy to guess'],
  ])('refuses the password %j', async (bad, problem) => {
    const wish = await addMember(house, operator, { email: 'a@b.example', role: 'viewer', password: bad });
    expect(wish).toMatchObject({ isDone: false, problem: expect.stringContaining(problem) });
    expect(await memberCount()).toBe(0);
  });

  test.each(['', 'nobody', 'a@', '@b.example', 'a b@c.example', `${'x'.repeat(250)}@b.example`])(
    'refuses the e-mail %j',
    async (email) => {
      expect(await addMember(house, operator, { email, role: 'viewer', password })).toMatchObject({
        isDone: false,
      });
    },
  );

  test('takes an e-mail once, in whatever case', async () => {
    const given = { email: 'A@b.example', role: 'viewer', password } as const;
    expect(await addMember(house, operator, given)).toMatchObject({
      isDone: true,
      value: { email: 'a@b.example' },
    });
    expect(await addMember(house, operator, { ...given, email: 'a@B.example' })).toMatchObject({
      isDone: false,
    });
    expect(await memberCount()).toBe(1);
  });

  test('writes an audit line without secrets', async () => {
    await addMember(house, operator, { email: 'a@b.example', role: 'analyst', password });
    const rows = await db.database.sql<{ actor: string; action: string; detail: object }>`
      select actor, action, detail from audit_log`;
    expect(rows).toEqual([
      { actor: 'operator', action: 'member.added', detail: { email: 'a@b.example', role: 'analyst' } },
    ]);
  });

  test.each(['viewer', 'analyst'] as const)('and its siblings are not for a %s', async (role) => {
    const actor = { role, name: 'x' };
    const email = 'a@b.example';
    for (const verb of [
      () => addMember(house, actor, { email, role: 'admin', password }),
      () => changeRole(house, actor, { email, role: 'admin' }),
      () => disableMember(house, actor, { email }),
    ]) {
      await expect(verb()).rejects.toMatchObject({ refusal: 'forbidden' });
    }
    expect(await memberCount()).toBe(0);
  });
});

describe('the first admin', () => {
  test('comes from the environment, once', async () => {
    const first = { ...house, config: { ...house.config, admin: boss } };
    expect(await ensureFirstAdmin(first)).toEqual({ kind: 'created', email: boss.email });
    expect(await ensureFirstAdmin(first)).toEqual({ kind: 'exists' });
    expect(await ensureFirstAdmin(house)).toEqual({ kind: 'exists' });
    expect(await memberCount()).toBe(1);
  });

  test('of the environment keeps the rules of passwords', async () => {
    const weak = { ...house, config: { ...house.config, admin: { ...boss, password: 'too short' } } };
    await expect(ensureFirstAdmin(weak)).rejects.toThrow(/ADMIN_PASSWORD.*at least 12 characters/);
  });

  test('is created once when several servers start at once', async () => {
    const first = { ...house, config: { ...house.config, admin: boss } };
    const kinds = (await Promise.all([1, 2, 3, 4].map(() => ensureFirstAdmin(first)))).map(
      ({ kind }) => kind,
    );
    expect(kinds.sort()).toEqual(['created', 'exists', 'exists', 'exists']);
  });

  test('otherwise comes through a link that works once and signs in', async () => {
    const first = await ensureFirstAdmin(house);
    expect(first).toMatchObject({
      kind: 'link',
      url: expect.stringMatching(/^http:\/\/localhost:3000\/setup\?token=/),
    });
    const token = tokenOf(first);
    const stored = JSON.stringify(
      await db.database.sql`select encode(token_sha256, 'escape') from one_time_links`,
    );
    expect(stored).not.toContain(token);
    expect(await canSetUp(house, token)).toBe(true);
    const done = await setUpFirstAdmin(house, token, boss);
    if (!done.isDone) throw new Error(done.problem);
    expect(await actorOfToken(house, done.value)).toEqual({ role: 'admin', name: boss.email });
    expect(await canSetUp(house, token)).toBe(false);
    const second = { email: 'second@agency.example', password };
    expect(await setUpFirstAdmin(house, token, second)).toMatchObject({ isDone: false });
    expect(await memberCount()).toBe(1);
  });

  test('keeps the link when the form was refused', async () => {
    const token = tokenOf(await ensureFirstAdmin(house));
    expect(await setUpFirstAdmin(house, token, { ...boss, password: 'short' })).toMatchObject({
      isDone: false,
    });
    expect(await setUpFirstAdmin(house, token, boss)).toMatchObject({ isDone: true });
  });

  test('is one, even when two use the link at the same moment', async () => {
    const token = tokenOf(await ensureFirstAdmin(house));
    const wishes = await Promise.all(
      [1, 2, 3, 4].map((n) => setUpFirstAdmin(house, token, { ...boss, email: `boss${n}@agency.example` })),
    );
    expect(wishes.filter(({ isDone }) => isDone)).toHaveLength(1);
    expect(await memberCount()).toBe(1);
  });

  test('cannot come through the link when another became admin while the password was hashed', async () => {
    const token = tokenOf(await ensureFirstAdmin(house));
    const slow = {
      ...house,
      signIn: {
        ...house.signIn,
        async hashPassword(given: string, email: string) {
          await addMember(house, operator, { email: 'x@agency.example', role: 'admin', password });
          return house.signIn.hashPassword(given, email);
        },
      },
    };
    expect(await setUpFirstAdmin(slow, token, boss)).toMatchObject({ isDone: false });
    expect(await memberCount()).toBe(1);
  });

  test('cannot come through a link that ran out, was replaced, or is of another making', async () => {
    const old = tokenOf(await ensureFirstAdmin(house));
    const token = tokenOf(await ensureFirstAdmin(house));
    house.clock.pass(24 * hour - 1);
    for (const bad of [old, '', 'x', `${token}x`]) {
      expect(await canSetUp(house, bad)).toBe(false);
      expect(await setUpFirstAdmin(house, bad, boss)).toMatchObject({ isDone: false });
    }
    expect(house.hashings.made).toBe(0);
    expect(await canSetUp(house, token)).toBe(true);
    house.clock.pass(1);
    expect(await canSetUp(house, token)).toBe(false);
    expect(await setUpFirstAdmin(house, token, boss)).toMatchObject({ isDone: false });
    expect(await memberCount()).toBe(0);
  });

  test('cannot come through a link once there is an admin', async () => {
    const token = tokenOf(await ensureFirstAdmin(house));
    await addMember(house, operator, { ...boss, role: 'admin' });
    expect(await canSetUp(house, token)).toBe(false);
    expect(await setUpFirstAdmin(house, token, { ...boss, email: 'x@agency.example' })).toMatchObject({
      isDone: false,
    });
    expect(await ensureFirstAdmin(house)).toEqual({ kind: 'exists' });
    expect(await db.database.sql`select 1 from one_time_links`).toHaveLength(0);
  });
});
