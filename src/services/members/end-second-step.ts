import type { Actor } from '../../domain/permissions.ts';
import { insertAudit } from '../../store/members.ts';
import { deleteSecondStep } from '../../store/second-steps.ts';
import { mustBeAllowed } from '../refusal.ts';
import { changeMember } from './change-member.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { proveSelf } from './prove-self.ts';

/** Switches the actor's own second step off, recovery codes and all; it takes his password. Throws `Refused`. */
export async function endSecondStep(
  deps: MembersDeps,
  actor: Actor,
  { password }: { password: string },
): Promise<Wish<null>> {
  mustBeAllowed(actor, 'self:change');
  const proven = await proveSelf(deps, actor, password);
  if (!proven.isDone) return proven;
  const { id, email } = proven.value;
  const at = await deps.clock.now();
  await deps.database.transaction(async (sql) => {
    if (await deleteSecondStep(sql, id))
      await insertAudit(sql, { at, actor: email, action: 'member.second_step_off', detail: {} });
  });
  return { isDone: true, value: null };
}

/** Takes the second step of a member away who has lost phone and codes; all his sessions end. Throws `Refused`. */
export async function resetSecondStep(
  deps: MembersDeps,
  actor: Actor,
  { email }: { email: string },
): Promise<Wish<null>> {
  return changeMember(deps, actor, email, {
    keepsAdmin: true,
    action: 'member.second_step_reset',
    detail: () => ({}),
    async write(sql, member) {
      await deleteSecondStep(sql, member.id);
    },
  });
}
