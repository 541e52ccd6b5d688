import type { OneTimeCodes } from '../../ports/one-time-codes.ts';
import type { Sealer } from '../../ports/sealer.ts';
import type { Sql } from '../../ports/sql.ts';
import {
  acceptStep,
  lockSecondStep,
  replaceRecoveryCodes,
  secondStepPurpose,
  type SecondStepRow,
  takeRecoveryCode,
} from '../../store/second-steps.ts';
import type { MembersDeps } from './members-deps.ts';

/** What the verbs about the second step of signing in need. */
export interface CodesDeps extends MembersDeps {
  codes: OneTimeCodes;
  sealer: Pick<Sealer, 'seal' | 'open'>;
}

const recoveryCodes = 10;

/**
 * Takes a code of the member's app, or one of his recovery codes: each works once, and no code of the app works that is older
 * than the last one. Answers which it was, or null. Must run in a transaction.
 */
export async function takeCode(
  deps: CodesDeps,
  sql: Sql,
  { memberId, code, at }: { memberId: string; code: string; at: number },
): Promise<'app' | 'recovery' | null> {
  const held = await lockSecondStep(sql, memberId);
  if (held === null || !held.isConfirmed) return null;
  if (await takeAppCode(deps, sql, { memberId, held, code, at })) return 'app';
  return (await takeRecoveryCode(sql, memberId, digestOf(deps, code), at)) ? 'recovery' : null;
}

/** The same for a code of the app alone, of a second step that is begun or in force. */
export async function takeAppCode(
  { codes, sealer, log }: CodesDeps,
  sql: Sql,
  given: { memberId: string; held: SecondStepRow; code: string; at: number },
): Promise<boolean> {
  const { memberId, held, at } = given;
  const opened = sealer.open(held.sealed, secondStepPurpose, memberId);
  if (!opened.ok) {
    log.error('a second step cannot be checked', { memberId, problem: opened.problem });
    return false;
  }
  const step = codes.stepOf(opened.text, given.code.replace(/\s/g, ''), at);
  if (step === null || step <= held.lastStep) return false;
  await acceptStep(sql, { memberId, step, at });
  return true;
}

/** Fresh recovery codes in place of all earlier ones. They are told this once; only their digests are kept. */
export async function makeRecoveryCodes(
  deps: CodesDeps,
  sql: Sql,
  memberId: string,
  at: number,
): Promise<string[]> {
  const made = Array.from({ length: recoveryCodes }, () => deps.codes.newRecoveryCode());
  await replaceRecoveryCodes(
    sql,
    memberId,
    made.map((code) => digestOf(deps, code)),
    at,
  );
  return made;
}

/** Whoever types a recovery code may leave out its dashes or write it in capitals. */
function digestOf({ signIn }: Pick<MembersDeps, 'signIn'>, code: string): Uint8Array {
  return signIn.digest(code.toLowerCase().replace(/[^a-z0-9]/g, ''));
}
