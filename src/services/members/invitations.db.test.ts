import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../../tests/members-house.ts';
import type { Letter } from '../../ports/letters.ts';
import { acceptInvitation, readInvitation } from './accept-invitation.ts';
import { addMember } from './add-member.ts';
import { changeRole } from './change-role.ts';
import { disableMember } from './disable-member.ts';
import { actorOfToken } from './find-actor.ts';
import { inviteMember, readInvitations, withdrawInvitation } from './invite-member.ts';
import type { LettersDeps } from './letters-deps.ts';

const dayMs = 86_400_000;
const boss = { role: 'admin', name: 'boss@agency.example' } as const;
const jane = { email: 'jane@agency.example', role: 'analyst' } as const;
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
  await db.database.sql`truncate invitations`;
  await addMember(house, operator, { email: boss.name, role: 'admin', password });
  letters = [];
  deps = {
    ...house,
    letters: {
      async send(letter) {
        letters.push(letter);
        return { isSent: true };
      },
    },
  };
});

const tokenIn = (text: string | undefined) => /\/invite\/([\w-]{43})\b/.exec(text ?? '')?.[1] ?? 'none';
/** Invites, and answers the token of the mail. */
async function invited(given: { email: string; role: 'viewer' | 'analyst' | 'admin' } = jane) {
  expect(await inviteMember(deps, boss, given)).toMatchObject({ isDone: true });
  return tokenIn(letters.at(-1)?.text);
}
const accept = (token: string) => acceptInvitation(house, token, { password });

test('an invitation goes by mail; whoever holds it chooses a password, and is in with its role', async () => {
  const token = await invited({ ...jane, email: 'Jane@Agency.example' });
  expect(letters[0]).toMatchObject({ to: jane.email, text: expect.stringContaining('as analyst') });
  expect(await readInvitations(house, boss)).toMatchObject([{ ...jane, invitedBy: boss.name }]);
  // Looking changes nothing: scanners open links by themselves.
  for (let n = 0; n < 3; n += 1) expect(await readInvitation(house, token)).toEqual(jane);
  expect(await acceptInvitation(house, token, { password: 'short' })).toMatchObject({ isDone: false });
  const done = await accept(token);
  if (!done.isDone) throw new Error(done.problem);
  expect(await actorOfToken(house, done.value)).toEqual({ role: 'analyst', name: jane.email });
  expect(await readInvitations(house, boss)).toEqual([]);
});

test('of many who use one link at once, one comes in; after that nobody', async () => {
  const token = await invited();
  const wishes = await Promise.all([1, 2, 3, 4].map(() => accept(token)));
  expect(wishes.filter(({ isDone }) => isDone)).toHaveLength(1);
  const made = house.hashings.made;
  expect(await accept(token)).toMatchObject({ isDone: false });
  expect(await readInvitation(house, token)).toBeNull();
  expect(house.hashings.made).toBe(made);
});

test('it ends after seven days, when it is withdrawn, and when it is sent anew', async () => {
  const first = await invited();
  const second = await invited({ ...jane, role: 'viewer' });
  expect(await readInvitation(house, first)).toBeNull();
  expect(await readInvitation(house, second)).toMatchObject({ role: 'viewer' });
  expect(await readInvitations(house, boss)).toHaveLength(1);
  house.clock.pass(7 * dayMs);
  expect(await accept(second)).toMatchObject({ isDone: false });
  const third = await invited();
  expect(await withdrawInvitation(house, boss, jane)).toMatchObject({ isDone: true });
  expect(await withdrawInvitation(house, boss, jane)).toMatchObject({ isDone: false });
  for (const token of [first, second, third, '', 'x'])
    expect(await accept(token)).toMatchObject({ isDone: false });
});

test.each([
  ['shut out', () => disableMember(house, operator, { email: boss.name })],
  ['no admin any more', () => changeRole(house, operator, { email: boss.name, role: 'analyst' })],
])('it is worth nothing once whoever invited is %s', async (_, change) => {
  await addMember(house, operator, { email: 'second@agency.example', role: 'admin', password });
  const token = await invited();
  await change();
  expect(await accept(token)).toMatchObject({ isDone: false });
});

test('who is a member already, or was shut out, is not invited; nor does anyone but an admin invite', async () => {
  expect(await inviteMember(deps, boss, { ...jane, email: boss.name })).toMatchObject({ isDone: false });
  await addMember(house, operator, { ...jane, password });
  await disableMember(house, operator, jane);
  expect(await inviteMember(deps, boss, jane)).toMatchObject({
    isDone: false,
    problem: expect.stringContaining('shut out'),
  });
  expect(await inviteMember(deps, boss, { ...jane, email: 'nobody' })).toMatchObject({ isDone: false });
  const other = { ...jane, email: 'x@agency.example' };
  for (const role of ['viewer', 'analyst'] as const) {
    const actor = { role, name: 'x' };
    await expect(inviteMember(deps, actor, other)).rejects.toMatchObject({ refusal: 'forbidden' });
    await expect(withdrawInvitation(deps, actor, other)).rejects.toMatchObject({ refusal: 'forbidden' });
    await expect(readInvitations(deps, actor)).rejects.toMatchObject({ refusal: 'forbidden' });
  }
  expect(letters).toEqual([]);
});

test('without a mail server, or when it refuses, the link is handed back', async () => {
  const without = await inviteMember({ ...deps, letters: null }, boss, jane);
  expect(without).toMatchObject({ isDone: true, value: { isSent: false } });
  const letterless = {
    async send() {
      return { isSent: false as const, problem: 'SMTP 550' };
    },
  };
  const refused = await inviteMember({ ...deps, letters: letterless }, boss, jane);
  if (!refused.isDone || refused.value.isSent) throw new Error('sent?');
  expect(refused.value.problem).toContain('SMTP 550');
  expect(await accept(tokenIn(refused.value.link))).toMatchObject({ isDone: true });
});

test('no mailbox is filled: five an hour for one e-mail', async () => {
  for (let n = 0; n < 5; n += 1) await invited();
  expect(await inviteMember(deps, boss, jane)).toEqual({
    isDone: false,
    problem: 'Too many invitations. Try again in an hour.',
  });
  expect(letters).toHaveLength(5);
  expect(await inviteMember(deps, boss, { ...jane, email: 'x@agency.example' })).toMatchObject({
    isDone: true,
  });
  house.clock.pass(3_600_000);
  await invited();
});

test('only a digest is kept, and no line of log or audit holds the link', async () => {
  const token = await invited();
  const stored = await db.database.sql`
    select to_jsonb(i) as row from invitations i union all select to_jsonb(a) from audit_log a`;
  expect(JSON.stringify([stored, house.lines])).not.toContain(token);
  expect(JSON.stringify(stored)).toContain('member.invited');
});
