import type { Actor } from '../../domain/permissions.ts';
import type { Enrolment } from '../../ports/one-time-codes.ts';
import { findMember, insertAudit } from '../../store/members.ts';
import { lockSealing } from '../../store/sealed-rows.ts';
import { beginRow, lockSecondStep, secondStepPurpose } from '../../store/second-steps.ts';
import { deleteSessionsOf } from '../../store/sessions.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { Wish } from './members-deps.ts';
import { proveSelf } from './prove-self.ts';
import { type CodesDeps, makeRecoveryCodes, takeAppCode } from './second-step-codes.ts';

const isOn: Wish<never> = { isDone: false, problem: 'It is on already. Switch it off to set it up anew.' };

/**
 * Gives the actor a secret for his authenticator app; it counts once `confirmSecondStep` has seen a code of it. Asks for the
 * password, so that nobody at an open screen can lock its owner out. Throws `Refused`.
 */
export async function beginSecondStep(
  deps: CodesDeps,
  actor: Actor,
  { password }: { password: string },
): Promise<Wish<Enrolment>> {
  mustBeAllowed(actor, 'self:change');
  const proven = await proveSelf(deps, actor, password);
  if (!proven.isDone) return proven;
  const { id: memberId, email } = proven.value;
  const secret = deps.codes.newSecret();
  const at = await deps.clock.now();
  const isBegun = await deps.database.transaction(async (sql) => {
    await lockSealing(sql);
    return beginRow(sql, { memberId, sealed: deps.sealer.seal(secret, secondStepPurpose, memberId), at });
  });
  return isBegun ? { isDone: true, value: deps.codes.enrolment(secret, email) } : isOn;
}

/**
 * Puts the second step in force with a code of the app, and ends the actor's other sessions, which did without. The value is
 * his recovery codes, told this once. `token` is that of the session that asks. Throws `Refused`.
 */
export async function confirmSecondStep(
  deps: CodesDeps,
  actor: Actor,
  { code, token }: { code: string; token: string },
): Promise<Wish<string[]>> {
  mustBeAllowed(actor, 'self:change');
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql): Promise<Wish<string[]>> => {
    const member = await findMember(sql, actor.name);
    const held = member === null ? null : await lockSecondStep(sql, member.id);
    if (member === null || held === null) return { isDone: false, problem: 'Begin again.' };
    if (held.isConfirmed) return isOn;
    if (!(await takeAppCode(deps, sql, { memberId: member.id, held, code, at })))
      return {
        isDone: false,
        problem: 'This is not the code that the app shows now. Is the clock of the phone right?',
      };
    const recovery = await makeRecoveryCodes(deps, sql, member.id, at);
    await deleteSessionsOf(sql, member.id, deps.signIn.digest(token));
    await insertAudit(sql, { at, actor: member.email, action: 'member.second_step_on', detail: {} });
    return { isDone: true, value: recovery };
  });
}
