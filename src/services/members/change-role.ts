import type { Actor, Role } from '../../domain/permissions.ts';
import { updateRole } from '../../store/members.ts';
import { changeMember } from './change-member.ts';
import type { MembersDeps, Wish } from './members-deps.ts';

/** Gives a member another role and ends all his sessions. Throws `Refused` when the actor may not. */
export async function changeRole(
  deps: MembersDeps,
  actor: Actor,
  given: { email: string; role: Role },
): Promise<Wish<null>> {
  return changeMember(deps, actor, given.email, {
    keepsAdmin: given.role === 'admin',
    action: 'member.role_changed',
    detail: (member) => ({ from: member.role, to: given.role }),
    write: (sql, member) => updateRole(sql, member.id, given.role),
  });
}
