import { afterAll, beforeAll, expect, test } from 'vitest';
import { totpCodes } from '../../src/adapters/one-time-codes/totp.ts';
import { aesGcmSealer } from '../../src/adapters/sealing/aes-gcm.ts';
import { settingsKeys } from '../../src/adapters/sealing/key-ring.ts';
import type { SignIn } from '../../src/ports/sign-in.ts';
import { acceptInvitation } from '../../src/services/members/accept-invitation.ts';
import { addMember } from '../../src/services/members/add-member.ts';
import { beginSecondStep, confirmSecondStep } from '../../src/services/members/begin-second-step.ts';
import { changeRole } from '../../src/services/members/change-role.ts';
import { actorOfToken } from '../../src/services/members/find-actor.ts';
import { inviteMember } from '../../src/services/members/invite-member.ts';
import { makeResetLink, resetPassword } from '../../src/services/members/reset-password.ts';
import type { CodesDeps } from '../../src/services/members/second-step-codes.ts';
import { signInWithCode } from '../../src/services/members/sign-in-with-code.ts';
import { signInWithPassword } from '../../src/services/members/sign-in.ts';
import { endSession } from '../../src/services/members/sign-out.ts';
import { codeAt } from '../authenticator.ts';
import { testDatabase, type TestDatabase } from '../database.ts';
import { dice, isLong } from '../dice.ts';
import { type MembersHouse, membersHouse, operator, password } from '../members-house.ts';

/**
 * Somebody tries to get in, for hours, from many addresses, while the owners come and go.
 * Ten thousand tries: LONG=1 npx vitest run --project integration tests/flows/sign-in-campaign; another run: SEED=…
 */
const seed = Number(process.env['SEED'] ?? 20_261_130);
const tries = isLong ? 10_000 : 2_500;
const atOnce = 20;
const hourMs = 3_600_000;
const mostAnHour = 20;

const addresses = Array.from({ length: 400 }, (_, n) => `203.0.113.${n}`);
/** Of the last two the intruder has the password already, and guesses codes. */
const members = ['ann', 'ben', 'cid', 'dee', 'eve', 'fay'].map((name, n) => ({
  email: `${name}@agency.example`,
  word: `${password} of ${name}`,
  secret: n < 4 ? null : `GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ${'ABCDEFG'[n]}`,
}));
type Member = (typeof members)[number];

let db: TestDatabase;
let house: MembersHouse;
let deps: CodesDeps & { config: MembersHouse['config'] };
/** Every guess that was looked at, by account. */
const guesses = new Map<string, number[]>();
let isOwner = false;

beforeAll(async () => {
  db = await testDatabase();
  house = membersHouse(db.database);
  const guessed = async (email: string | undefined) => {
    if (!isOwner && email !== undefined)
      guesses.set(email, [...(guesses.get(email) ?? []), await house.clock.now()]);
  };
  // Hashing that costs nothing: ten thousand real ones would take an hour.
  const signIn: SignIn = {
    ...house.signIn,
    hashPassword: async (word) => `cheap:${word}`,
    async verifyPassword(word, hash) {
      await guessed(members.find((member) => hash === `cheap:${member.word}`)?.email);
      return hash === `cheap:${word}`;
    },
    enter: async ({ email, password: word }, hash) =>
      (await signIn.verifyPassword(word, hash, email)) ? 'in' : 'wrong',
  };
  const codes = totpCodes();
  deps = {
    ...house,
    signIn,
    sealer: aesGcmSealer(settingsKeys(new Uint8Array(32).fill(7), [])),
    codes: {
      ...codes,
      stepOf(secret, code, at) {
        void guessed(members.find((member) => member.secret === secret)?.email);
        return codes.stepOf(secret, code, at);
      },
    },
  };
  isOwner = true;
  for (const { email, word, secret } of members) {
    await addMember(deps, operator, { email, role: 'admin', password: word });
    if (secret === null) continue;
    const own = { ...deps, codes: { ...deps.codes, newSecret: () => secret } };
    const actor = { role: 'admin', name: email } as const;
    await beginSecondStep(own, actor, { password: word });
    const code = await codeOf(secret);
    expect(await confirmSecondStep(own, actor, { code, token: '' })).toMatchObject({ isDone: true });
  }
  house.clock.pass(hourMs);
  isOwner = false;
});
afterAll(() => db.drop());

const codeOf = async (secret: string) => codeAt(secret, await house.clock.now());

async function intrude({ email, word, secret }: Member, address: string, roll: () => number) {
  const isKnown = secret !== null && roll() < 0.7;
  const guess = isKnown ? word : `${word.slice(0, -1)}${Math.floor(roll() * 1e6)}`;
  const result = await signInWithPassword(deps, { email, password: guess, address });
  if (result.outcome !== 'second_step') return result.outcome;
  const code =
    roll() < 0.8 ? String(Math.floor(roll() * 1e6)).padStart(6, '0') : 'abcd-efgh-jkmn-pqrs-tuvw-xyz2';
  return (await signInWithCode(deps, { step: result.step, code, address })).outcome;
}

/** The most guesses at one account that were looked at within any hour. */
function mostWithinAnHour(instants: readonly number[]): number {
  return Math.max(
    ...instants.map((from) => instants.filter((at) => at >= from && at < from + hourMs).length),
  );
}

test(`${tries} tries (SEED=${seed}): nobody gets in, and at most ${mostAnHour} guesses an hour are looked at`, async () => {
  const { pick, roll, below } = dice(seed);
  const outcomes = new Map<string, number>();
  let visits = 0;
  for (let done = 0; done < tries; done += atOnce) {
    const batch = Array.from({ length: atOnce }, () => intrude(pick(members), pick(addresses), roll));
    for (const outcome of await Promise.all(batch)) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    house.clock.pass(below(4 * 60_000));
    if (below(3) > 0) continue;
    // An owner comes by; often his account pauses just then.
    isOwner = true;
    const { email, word } = pick(members.slice(0, 4));
    const own = await signInWithPassword(deps, { email, password: word, address: '198.51.100.7' });
    if (own.outcome === 'in') visits += 1;
    isOwner = false;
  }
  expect(outcomes.get('in') ?? 0).toBe(0);
  expect(outcomes.get('paused') ?? 0).toBeGreaterThan(tries / 4);
  expect(visits).toBeGreaterThan(0);
  const most = members.map(({ email }) => mostWithinAnHour(guesses.get(email) ?? []));
  for (const count of most) expect(count).toBeLessThanOrEqual(mostAnHour);
  // It was pressed as hard as it gives.
  expect(Math.max(...most)).toBeGreaterThanOrEqual(14);
});

test('what was used, ended or planted opens nothing', async () => {
  isOwner = true;
  house.clock.pass(hourMs);
  const [ann] = members as [Member];
  const eve = members[4]!;
  const address = '198.51.100.7';
  const enter = async ({ email, word }: { email: string; word: string }) => {
    const result = await signInWithPassword(deps, { email, password: word, address });
    return result.outcome === 'in' ? result.token : result.outcome;
  };
  const isIn = async (token: string) => (await actorOfToken(deps, token)) !== null;

  // A token that somebody planted in the browser before does not become a session; each sign-in makes its own.
  const planted = deps.signIn.newToken().token;
  const [one, two] = [await enter(ann), await enter(ann)];
  expect([await isIn(planted), await isIn(one), await isIn(two), one === two]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  // The cookie of a session that was signed out.
  await endSession(deps, one);
  expect([await isIn(one), await isIn(two)]).toEqual([false, true]);
  // A change of role takes a new sign-in, which makes a new token.
  await changeRole(deps, operator, { email: ann.email, role: 'viewer' });
  expect(await isIn(two)).toBe(false);
  const three = await enter(ann);
  expect([await isIn(three), three === two]).toEqual([true, false]);

  // A code of the phone that somebody has looked at, and the way to the second step that it was typed into.
  const step = async () => {
    const result = await signInWithPassword(deps, { email: eve.email, password: eve.word, address });
    return result.outcome === 'second_step' ? result.step : result.outcome;
  };
  const code = await codeOf(eve.secret!);
  const used = await step();
  expect(await signInWithCode(deps, { step: used, code, address })).toMatchObject({ outcome: 'in' });
  expect(await signInWithCode(deps, { step: await step(), code, address })).toMatchObject({
    outcome: 'wrong',
  });
  expect(await signInWithCode(deps, { step: used, code, address })).toEqual({ outcome: 'expired' });
  expect(await isIn(used)).toBe(false);

  // Links that were used; and none is good for what another is for.
  const made = await makeResetLink(deps, operator, { email: ann.email });
  const asked = await inviteMember({ ...deps, letters: null }, operator, {
    email: 'new@agency.example',
    role: 'viewer',
  });
  if (!made.isDone || !asked.isDone || asked.value.isSent) throw new Error('no links');
  const [reset, invitation] = [made.value.link, asked.value.link].map((link) => link.split('/').at(-1)!) as [
    string,
    string,
  ];
  const word = { password: `${password} anew` };
  expect(await resetPassword(deps, invitation, word)).toMatchObject({ isDone: false });
  expect(await acceptInvitation(deps, reset, word)).toMatchObject({ isDone: false });
  expect(await signInWithCode(deps, { step: reset, code, address })).toEqual({ outcome: 'expired' });
  for (const [expected, token] of [
    [true, reset],
    [false, reset],
  ] as const)
    expect(await resetPassword(deps, token, word)).toMatchObject({ isDone: expected });
  for (const [expected, token] of [
    [true, invitation],
    [false, invitation],
  ] as const)
    expect(await acceptInvitation(deps, token, word)).toMatchObject({ isDone: expected });
});
