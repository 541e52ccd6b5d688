import type { Actor } from '../../domain/permissions.ts';
import { clearDisabled } from '../../store/members.ts';
import { changeMember } from './change-member.ts';
import type { MembersDeps, Wish } from './members-deps.ts';

/** Lets a member in again who was shut out, with the role and the password that he had. Throws `Refused` when the actor may not. */
export async function enableMember(
  deps: MembersDeps,
  actor: Actor,
  given: { email: string },
): Promise<Wish<null>> {
  return changeMember(deps, actor, given.email, {
    keepsAdmin: true,
    action: 'member.enabled',
    detail: () => ({}),
    write: (sql, member) => clearDisabled(sql, member.id),
    isBarred: false,
  });
}
