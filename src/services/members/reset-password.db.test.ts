import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../../tests/members-house.ts';
import type { Letter } from '../../ports/letters.ts';
import { addMember } from './add-member.ts';
import { disableMember } from './disable-member.ts';
import { actorOfToken } from './find-actor.ts';
import type { LettersDeps } from './letters-deps.ts';
import { askForReset, makeResetLink, readReset, resetPassword } from './reset-password.ts';
import { signInWithPassword } from './sign-in.ts';

const hourMs = 3_600_000;
const jane = 'jane@agency.example';
const next = `${password} more`;
let db: TestDatabase;
let house: MembersHouse;
let letters: Letter[];
let deps: LettersDeps;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  house = membersHouse(db.database);
  await house.empty();
  await addMember(house, operator, { email: jane, role: 'viewer', password });
  letters = [];
  const send = async (letter: Letter) => {
    letters.push(letter);
    return { isSent: true as const };
  };
  deps = { ...house, letters: { send } };
});

const tokenIn = (text: string | undefined) => /\/reset\/([\w-]{43})\b/.exec(text ?? '')?.[1] ?? 'none';
async function asked(email = jane, address = '192.0.2.1'): Promise<string> {
  await askForReset(deps, { email, address });
  return tokenIn(letters.at(-1)?.text);
}
const enter = async (word: string) => {
  const result = await signInWithPassword(house, { email: jane, password: word, address: '192.0.2.1' });
  return result.outcome === 'in' ? result.token : null;
};

test('a member who forgot his password gets a link; it gives him a new one and ends all sessions', async () => {
  const old = (await enter(password))!;
  const token = await asked(' Jane@agency.example ');
  expect(letters).toMatchObject([{ to: jane }]);
  for (let n = 0; n < 3; n += 1) expect(await readReset(house, token)).toEqual({ email: jane });
  expect(await resetPassword(house, token, { password: 'short' })).toMatchObject({ isDone: false });
  expect(await actorOfToken(house, old)).not.toBeNull();
  expect(await resetPassword(house, token, { password: next })).toEqual({ isDone: true, value: null });
  expect(await actorOfToken(house, old)).toBeNull();
  expect(await enter(password)).toBeNull();
  expect(await enter(next)).not.toBeNull();
});

test('a link works once, for an hour, and only the newest; of many at once one does', async () => {
  const first = await asked();
  const second = await asked();
  expect(await readReset(house, first)).toBeNull();
  const all = await Promise.all(
    [1, 2, 3].map((n) => resetPassword(house, second, { password: `${next} ${n}` })),
  );
  expect(all.filter(({ isDone }) => isDone)).toHaveLength(1);
  const third = await asked();
  house.clock.pass(hourMs);
  const made = house.hashings.made;
  for (const token of [first, second, third, '', 'x'])
    expect(await resetPassword(house, token, { password: next })).toMatchObject({ isDone: false });
  expect(house.hashings.made).toBe(made);
});

test('nobody is told whether an e-mail is a member’s, and whoever was shut out gets nothing', async () => {
  await disableMember(house, operator, { email: jane });
  for (const email of ['nobody@agency.example', 'no e-mail', jane])
    expect(await askForReset(deps, { email, address: '192.0.2.1' })).toBeUndefined();
  expect(letters).toEqual([]);
  expect(
    await askForReset({ ...deps, letters: null }, { email: jane, address: '192.0.2.1' }),
  ).toBeUndefined();
});

test('a link of a member who is shut out meanwhile is void', async () => {
  const token = await asked();
  await disableMember(house, operator, { email: jane });
  expect(await resetPassword(house, token, { password: next })).toMatchObject({ isDone: false });
});

test('three mails an hour for one e-mail, ten asks from one address', async () => {
  for (let n = 0; n < 6; n += 1) await asked(jane, `192.0.2.${n}`);
  expect(letters).toHaveLength(3);
  for (let n = 0; n < 10; n += 1) await asked(`nobody${n}@agency.example`, '198.51.100.1');
  house.clock.pass(hourMs - 1);
  await asked(jane, '198.51.100.1');
  expect(letters).toHaveLength(3);
  house.clock.pass(1);
  await asked(jane, '198.51.100.1');
  expect(letters).toHaveLength(4);
});

test('an admin can make the link himself, nobody else', async () => {
  const made = await makeResetLink(house, operator, { email: jane });
  if (!made.isDone) throw new Error(made.problem);
  expect(await resetPassword(house, tokenIn(made.value.link), { password: next })).toMatchObject({
    isDone: true,
  });
  expect(await makeResetLink(house, operator, { email: 'x@agency.example' })).toMatchObject({
    isDone: false,
  });
  for (const role of ['viewer', 'analyst'] as const)
    await expect(makeResetLink(house, { role, name: 'x' }, { email: jane })).rejects.toMatchObject({
      refusal: 'forbidden',
    });
});

test('only a digest is kept, and no line of log or audit holds the link', async () => {
  const token = await asked();
  const stored = await db.database.sql`
    select to_jsonb(l) as row from one_time_links l union all select to_jsonb(a) from audit_log a`;
  expect(JSON.stringify([stored, house.lines])).not.toContain(token);
  expect(JSON.stringify(stored)).toContain('member.reset_link_made');
});
