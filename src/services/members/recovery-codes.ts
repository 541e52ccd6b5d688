import type { SecondStepView } from '../../contract/own-sign-in.ts';
import type { Actor } from '../../domain/permissions.ts';
import { insertAudit } from '../../store/members.ts';
import { findSecondStep } from '../../store/second-steps.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { proveSelf } from './prove-self.ts';
import { type CodesDeps, makeRecoveryCodes } from './second-step-codes.ts';

/** Whether the actor's second step is on, and how many recovery codes he has left. Throws `Refused`. */
export async function readOwnSecondStep(
  deps: Pick<MembersDeps, 'database'>,
  actor: Actor,
): Promise<SecondStepView> {
  mustBeAllowed(actor, 'self:change');
  return findSecondStep(deps.database.sql, actor.name);
}

/** New recovery codes in place of the actor's old ones; it takes his password. They are told this once. Throws `Refused`. */
export async function renewRecoveryCodes(
  deps: CodesDeps,
  actor: Actor,
  { password }: { password: string },
): Promise<Wish<string[]>> {
  mustBeAllowed(actor, 'self:change');
  const proven = await proveSelf(deps, actor, password);
  if (!proven.isDone) return proven;
  const { id, email, has_second_step: isOn } = proven.value;
  if (!isOn) return { isDone: false, problem: 'The second step is off.' };
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql): Promise<Wish<string[]>> => {
    const value = await makeRecoveryCodes(deps, sql, id, at);
    await insertAudit(sql, { at, actor: email, action: 'member.recovery_codes_renewed', detail: {} });
    return { isDone: true, value };
  });
}
