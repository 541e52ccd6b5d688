import type { Actor } from '../../domain/permissions.ts';
import { findMember, updatePassword } from '../../store/members.ts';
import { changeMember } from './change-member.ts';
import { makeCredentials } from './make-credentials.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { parseEmail } from './parse-email.ts';
import { mustBeAllowed } from '../refusal.ts';

/** Gives a member another password and ends all his sessions. Throws `Refused` when the actor may not. */
export async function setPassword(
  deps: MembersDeps,
  actor: Actor,
  given: { email: string; password: string },
): Promise<Wish<null>> {
  mustBeAllowed(actor, 'members:change');
  // Where an outside service keeps passwords, asking it for one changes it at once.
  if ((await findMember(deps.database.sql, parseEmail(given.email) ?? '')) === null)
    return { isDone: false, problem: `There is no member ${given.email}.` };
  const credentials = await makeCredentials(deps.signIn, given);
  if (!credentials.isDone) return credentials;
  return changeMember(deps, actor, given.email, {
    keepsAdmin: true,
    action: 'member.password_set',
    detail: () => ({}),
    write: (sql, member) => updatePassword(sql, member.id, credentials.value.passwordHash),
  });
}
