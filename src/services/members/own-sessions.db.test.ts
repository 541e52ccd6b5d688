import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../../tests/members-house.ts';
import { addMember } from './add-member.ts';
import { changeOwnPassword } from './change-own-password.ts';
import { actorOfToken } from './find-actor.ts';
import { endOwnSession, endOwnSessions, readOwnSessions } from './own-sessions.ts';
import { signInWithPassword } from './sign-in.ts';

const jane = { role: 'viewer', name: 'jane@agency.example' } as const;
const joe = { role: 'viewer', name: 'joe@agency.example' } as const;
const chrome = 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0.0.0 Mobile Safari/537.36';
let db: TestDatabase;
let house: MembersHouse;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  house = membersHouse(db.database);
  await house.empty();
  for (const { name, role } of [jane, joe]) await addMember(house, operator, { email: name, role, password });
});

async function enter(email: string, word = password, userAgent: string | null = null): Promise<string> {
  const given = { email, password: word, address: '192.0.2.1', userAgent };
  const result = await signInWithPassword(house, given);
  return result.outcome === 'in' ? result.token : result.outcome;
}
const isIn = async (token: string) => (await actorOfToken(house, token)) !== null;

test('a member sees where he is signed in, and nothing of others', async () => {
  const first = await enter(jane.name, password, chrome);
  house.clock.pass(90_000);
  const second = await enter(jane.name);
  await enter(joe.name);
  await actorOfToken(house, first);
  const now = await house.clock.now();
  expect(await readOwnSessions(house, jane, second)).toEqual([
    { id: expect.any(String), device: null, createdAt: now, lastSeenAt: now, isThis: true },
    {
      id: expect.any(String),
      device: 'Chrome on Android',
      createdAt: now - 90_000,
      lastSeenAt: now,
      isThis: false,
    },
  ]);
  house.clock.pass(12 * 3_600_000);
  expect(await readOwnSessions(house, jane, second)).toEqual([]);
});

test('he ends one of them, but none of somebody else', async () => {
  const [one, two, his] = [await enter(jane.name), await enter(jane.name), await enter(joe.name)];
  const other = (await readOwnSessions(house, jane, one)).find(({ isThis }) => !isThis)!;
  expect(await endOwnSession(house, joe, other)).toMatchObject({ isDone: false });
  expect(await endOwnSession(house, jane, other)).toEqual({ isDone: true, value: null });
  expect(await endOwnSession(house, jane, other)).toMatchObject({ isDone: false });
  expect([await isIn(one), await isIn(two), await isIn(his)]).toEqual([true, false, true]);
});

test('he ends all of them at once', async () => {
  const [one, two, his] = [await enter(jane.name), await enter(jane.name), await enter(joe.name)];
  await endOwnSessions(house, jane);
  expect([await isIn(one), await isIn(two), await isIn(his)]).toEqual([false, false, true]);
});

test('he changes his password with the current one; every other session ends', async () => {
  const [one, two] = [await enter(jane.name), await enter(jane.name)];
  const next = `${password} more`;
  const change = (current: string, to = next) =>
    changeOwnPassword(house, jane, { current, password: to, token: one });
  expect(await change('not it')).toEqual({ isDone: false, problem: 'The current password is wrong.' });
  expect(await change(password, 'short')).toMatchObject({ isDone: false });
  expect(await change(password, password)).toMatchObject({ isDone: false });
  expect([await isIn(one), await isIn(two)]).toEqual([true, true]);
  expect(await change(password)).toEqual({ isDone: true, value: null });
  expect([await isIn(one), await isIn(two)]).toEqual([true, false]);
  expect(await enter(jane.name)).toBe('wrong');
  expect(await enter(jane.name, next)).toHaveLength(43);
  const written = JSON.stringify(await db.database.sql`select * from audit_log`);
  expect(written).toContain('member.password_changed');
  expect(written).not.toContain(next);
});

test('an open screen is no way to guess the password: the tries are those of the sign-in', async () => {
  const token = await enter(jane.name);
  const guess = () => changeOwnPassword(house, jane, { current: 'a guess', password: 'x', token });
  for (let n = 0; n < 7; n += 1)
    expect(await guess()).toMatchObject({ problem: expect.stringMatching(/wrong/) });
  const before = house.hashings.checked;
  expect(await guess()).toMatchObject({ problem: expect.stringMatching(/pauses for 30 more minutes/) });
  expect(await enter(jane.name)).toBe('paused');
  expect(house.hashings.checked).toBe(before);
});
