import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { codeAt } from '../../../tests/authenticator.ts';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../../tests/members-house.ts';
import { totpCodes } from '../../adapters/one-time-codes/totp.ts';
import { aesGcmSealer } from '../../adapters/sealing/aes-gcm.ts';
import { settingsKeys } from '../../adapters/sealing/key-ring.ts';
import { may } from '../../domain/permissions.ts';
import { addMember } from './add-member.ts';
import { beginSecondStep, confirmSecondStep } from './begin-second-step.ts';
import { endSecondStep, resetSecondStep } from './end-second-step.ts';
import { actorOfToken } from './find-actor.ts';
import { readMembers } from './read-members.ts';
import { readOwnSecondStep, renewRecoveryCodes } from './recovery-codes.ts';
import { makeResetLink, resetPassword } from './reset-password.ts';
import { type CodesDeps } from './second-step-codes.ts';
import { setSignInPolicy } from './sign-in-policy.ts';
import { signInWithCode } from './sign-in-with-code.ts';
import { signInWithPassword } from './sign-in.ts';

const minute = 60_000;
const jane = { role: 'admin', name: 'jane@agency.example' } as const;
const joe = { role: 'admin', name: 'joe@agency.example' } as const;
const address = '192.0.2.1';
let db: TestDatabase;
let house: MembersHouse;
let deps: CodesDeps & { config: { appUrl: URL } };

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  house = membersHouse(db.database);
  await house.empty();
  await db.database.sql`truncate sign_in_policy`;
  const sealer = aesGcmSealer(settingsKeys(new Uint8Array(32).fill(7), []));
  deps = { ...house, codes: totpCodes(), sealer };
  for (const { name } of [jane, joe])
    await addMember(house, operator, { email: name, role: 'admin', password });
});

const codeNow = async (secret: string, aheadMs = 0) => codeAt(secret, (await house.clock.now()) + aheadMs);

const first = (word = password, email: string = jane.name) =>
  signInWithPassword(deps, { email, password: word, address });
async function stepOf(email: string = jane.name): Promise<string> {
  const result = await first(password, email);
  if (result.outcome !== 'second_step') throw new Error(result.outcome);
  return result.step;
}
async function enter(email: string = jane.name): Promise<string> {
  const result = await first(password, email);
  if (result.outcome !== 'in') throw new Error(result.outcome);
  return result.token;
}
const second = (step: string, code: string) => signInWithCode(deps, { step, code, address });

/** Switches it on; answers the secret and the recovery codes, at a moment when no code is used up. */
async function enrol(actor: { role: 'admin'; name: string } = jane, token = '') {
  const begun = await beginSecondStep(deps, actor, { password });
  if (!begun.isDone) throw new Error(begun.problem);
  const { secret } = begun.value;
  const done = await confirmSecondStep(deps, actor, { code: await codeNow(secret), token });
  if (!done.isDone) throw new Error(done.problem);
  house.clock.pass(minute);
  return { secret, recovery: done.value };
}

describe('setting it up', () => {
  test('takes the password, then a code; till then nothing is in force', async () => {
    expect(await beginSecondStep(deps, jane, { password: 'not it' })).toMatchObject({ isDone: false });
    const begun = await beginSecondStep(deps, jane, { password });
    if (!begun.isDone) throw new Error(begun.problem);
    expect(await readOwnSecondStep(deps, jane)).toEqual({ isOn: false, recoveryCodesLeft: 0 });
    const [mine, other] = [await enter(), await enter()];
    const confirm = (code: string) => confirmSecondStep(deps, jane, { code, token: mine });
    expect(await confirm('000000')).toMatchObject({ isDone: false });
    const done = await confirm(await codeNow(begun.value.secret));
    expect(done).toMatchObject({ isDone: true, value: expect.any(Array) });
    expect(await readOwnSecondStep(deps, jane)).toEqual({ isOn: true, recoveryCodesLeft: 10 });
    // Sessions that did without it end, the one that asks stays.
    expect([await actorOfToken(deps, mine), await actorOfToken(deps, other)]).toEqual([jane, null]);
    expect(await beginSecondStep(deps, jane, { password })).toMatchObject({ isDone: false });
    expect(await confirm(await codeNow(begun.value.secret, 30_000))).toMatchObject({ isDone: false });
  });

  test('keeps the secret sealed and of the codes only digests', async () => {
    const { secret, recovery } = await enrol();
    const stored = JSON.stringify(
      await db.database.sql`
        select to_jsonb(s) || jsonb_build_object('text', encode(s.sealed, 'escape')) as row from second_steps s
        union all select to_jsonb(c) || jsonb_build_object('text', encode(c.code_sha256, 'escape')) from recovery_codes c
        union all select to_jsonb(a) from audit_log a`,
    );
    expect(stored).toContain('member.second_step_on');
    for (const canary of [secret, ...recovery, ...recovery.map((code) => code.replaceAll('-', ''))])
      expect(stored + JSON.stringify(house.lines)).not.toContain(canary);
  });
});

describe('signing in', () => {
  test('takes both: the password alone opens nothing', async () => {
    const { secret } = await enrol();
    const step = await stepOf();
    expect(await db.database.sql`select 1 from sessions`).toHaveLength(0);
    expect(await actorOfToken(deps, step)).toBeNull();
    const result = await second(step, await codeNow(secret));
    if (result.outcome !== 'in') throw new Error(result.outcome);
    expect(await actorOfToken(deps, result.token)).toEqual(jane);
    expect(await first('not it')).toMatchObject({ outcome: 'wrong' });
  });

  test('no code works twice, nor one before the last; of many at once one does', async () => {
    const { secret } = await enrol();
    const [now, before] = [await codeNow(secret), await codeNow(secret, -30_000)];
    const steps = [await stepOf(), await stepOf(), await stepOf()];
    const all = await Promise.all(steps.map((step) => second(step, now)));
    expect(all.filter(({ outcome }) => outcome === 'in')).toHaveLength(1);
    house.clock.pass(31 * minute);
    const code = await codeNow(secret);
    expect(await second(await stepOf(), code)).toMatchObject({ outcome: 'in' });
    expect(await second(await stepOf(), code)).toMatchObject({ outcome: 'wrong' });
    expect(await second(await stepOf(), await codeNow(secret, -30_000))).toMatchObject({ outcome: 'wrong' });
    expect(await second(await stepOf(), before)).toMatchObject({ outcome: 'wrong' });
  });

  test('what the password led to works once, for ten minutes, and not for another member', async () => {
    const [hers, his] = [await enrol(), await enrol(joe)];
    const step = await stepOf();
    expect(await second(step, await codeNow(his.secret))).toMatchObject({ outcome: 'wrong' });
    expect(await second(step, await codeNow(hers.secret))).toMatchObject({ outcome: 'in' });
    expect(await second(step, await codeNow(hers.secret, 30_000))).toEqual({ outcome: 'expired' });
    const late = await stepOf();
    house.clock.pass(10 * minute);
    expect(await second(late, await codeNow(hers.secret))).toEqual({ outcome: 'expired' });
    for (const made of ['', 'x', `${late}x`])
      expect(await second(made, '123456')).toEqual({ outcome: 'expired' });
  });

  test('a recovery code lets in once, however it is written, and no other member', async () => {
    const { recovery } = await enrol();
    await enrol(joe);
    const [one = '', two = ''] = recovery;
    expect(await second(await stepOf(joe.name), one)).toMatchObject({ outcome: 'wrong' });
    expect(await second(await stepOf(), one)).toMatchObject({ outcome: 'in' });
    expect(await second(await stepOf(), one)).toMatchObject({ outcome: 'wrong' });
    expect(await second(await stepOf(), ` ${two.toUpperCase().replaceAll('-', '')} `)).toMatchObject({
      outcome: 'in',
    });
    expect(await readOwnSecondStep(deps, jane)).toMatchObject({ recoveryCodesLeft: 8 });
    const renewed = await renewRecoveryCodes(deps, jane, { password });
    if (!renewed.isDone) throw new Error(renewed.problem);
    house.clock.pass(30 * minute);
    expect(await second(await stepOf(), recovery[2]!)).toMatchObject({ outcome: 'wrong' });
    expect(await second(await stepOf(), renewed.value[0]!)).toMatchObject({ outcome: 'in' });
  });

  test('guesses at the code are counted with those at the password, right passwords and all', async () => {
    const { secret } = await enrol();
    const outcomes: string[] = [];
    for (let n = 0; n < 4; n += 1) {
      const result = await first();
      outcomes.push(result.outcome);
      if (result.outcome === 'second_step') outcomes.push((await second(result.step, '000000')).outcome);
    }
    const pair = ['second_step', 'wrong'];
    expect(outcomes).toEqual([...pair, ...pair, ...pair, 'second_step', 'paused']);
    expect(await first()).toMatchObject({ outcome: 'paused', whose: 'account' });
    house.clock.pass(30 * minute);
    expect(await second(await stepOf(), await codeNow(secret))).toMatchObject({ outcome: 'in' });
  });

  test('a reset of the password does not get around it', async () => {
    await enrol();
    const made = await makeResetLink(deps, operator, { email: jane.name });
    if (!made.isDone) throw new Error(made.problem);
    await resetPassword(deps, made.value.link.split('/').at(-1)!, { password: `${password} more` });
    expect(await first(`${password} more`)).toMatchObject({ outcome: 'second_step' });
  });
});

describe('switching it off', () => {
  test('takes the password; an admin can do it for a member who has lost everything', async () => {
    await enrol();
    expect(await endSecondStep(deps, jane, { password: 'not it' })).toMatchObject({ isDone: false });
    expect(await endSecondStep(deps, jane, { password })).toEqual({ isDone: true, value: null });
    const token = await enter();
    await enrol();
    expect(await readMembers(deps, operator)).toMatchObject([
      { hasSecondStep: true },
      { hasSecondStep: false },
    ]);
    const viewer = { role: 'viewer', name: 'x' } as const;
    await expect(resetSecondStep(deps, viewer, { email: jane.name })).rejects.toMatchObject({
      refusal: 'forbidden',
    });
    await resetSecondStep(deps, joe, { email: jane.name });
    expect(await actorOfToken(deps, token)).toBeNull();
    await enter();
    expect(await db.database.sql`select 1 from recovery_codes`).toHaveLength(0);
  });
});

describe('once admins need it', () => {
  test('whoever asks for it has it himself', async () => {
    expect(await setSignInPolicy(deps, jane, { isNeededOfAdmins: true })).toMatchObject({ isDone: false });
    const viewer = { role: 'viewer', name: 'x' } as const;
    await expect(setSignInPolicy(deps, viewer, { isNeededOfAdmins: false })).rejects.toMatchObject({
      refusal: 'forbidden',
    });
  });

  test('an admin without one may see to it and nothing else, from his next request on', async () => {
    const his = await enter(joe.name);
    await enrol();
    await addMember(house, operator, { email: 'v@agency.example', role: 'viewer', password });
    const viewer = await enter('v@agency.example');
    await setSignInPolicy(deps, jane, { isNeededOfAdmins: true });
    const held = await actorOfToken(deps, his);
    expect(held).toEqual({ ...joe, isHeld: true });
    expect([may(held!, 'self:change'), may(held!, 'accounts:read'), may(held!, 'members:change')]).toEqual([
      true,
      false,
      false,
    ]);
    await expect(readMembers(deps, held!)).rejects.toMatchObject({ refusal: 'forbidden' });
    await expect(setSignInPolicy(deps, held!, { isNeededOfAdmins: false })).rejects.toMatchObject({
      refusal: 'forbidden',
    });
    expect(await actorOfToken(deps, viewer)).toEqual({ role: 'viewer', name: 'v@agency.example' });
    await enrol(joe, his);
    expect(await actorOfToken(deps, his)).toEqual(joe);
    // Without it again, he is held again.
    await endSecondStep(deps, joe, { password });
    expect(await actorOfToken(deps, his)).toMatchObject({ isHeld: true });
    await setSignInPolicy(deps, jane, { isNeededOfAdmins: false });
    expect(await actorOfToken(deps, his)).toEqual(joe);
  });
});
