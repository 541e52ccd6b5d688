import type { Actor } from '../../domain/permissions.ts';
import { insertAudit, updatePassword } from '../../store/members.ts';
import { deleteMemberLinks } from '../../store/one-time-links.ts';
import { deleteSessionsOf } from '../../store/sessions.ts';
import { mustBeAllowed } from '../refusal.ts';
import { makeCredentials } from './make-credentials.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { proveSelf } from './prove-self.ts';

/** Changes the actor's own password and ends all his sessions but the one that asks, whose token this is. Throws `Refused`. */
export async function changeOwnPassword(
  deps: MembersDeps,
  actor: Actor,
  given: { current: string; password: string; token: string },
): Promise<Wish<null>> {
  mustBeAllowed(actor, 'self:change');
  const proven = await proveSelf(deps, actor, given.current);
  if (!proven.isDone) return proven;
  const member = proven.value;
  if (given.password === given.current)
    return { isDone: false, problem: 'The new password is the current one.' };
  const credentials = await makeCredentials(deps.signIn, { email: member.email, password: given.password });
  if (!credentials.isDone) return credentials;
  const { passwordHash } = credentials.value;
  const at = await deps.clock.now();
  await deps.database.transaction(async (sql) => {
    await updatePassword(sql, member.id, passwordHash);
    await deleteMemberLinks(sql, member.id);
    await deleteSessionsOf(sql, member.id, deps.signIn.digest(given.token));
    await insertAudit(sql, { at, actor: member.email, action: 'member.password_changed', detail: {} });
  });
  return { isDone: true, value: null };
}
