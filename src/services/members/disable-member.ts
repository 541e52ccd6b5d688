import type { Actor } from '../../domain/permissions.ts';
import { updateDisabled } from '../../store/members.ts';
import { changeMember } from './change-member.ts';
import type { MembersDeps, Wish } from './members-deps.ts';

/** Shuts a member out and ends all his sessions. Throws `Refused` when the actor may not. */
export async function disableMember(
  deps: MembersDeps,
  actor: Actor,
  given: { email: string },
): Promise<Wish<null>> {
  return changeMember(deps, actor, given.email, {
    keepsAdmin: false,
    action: 'member.disabled',
    detail: () => ({}),
    write: (sql, member, at) => updateDisabled(sql, member.id, at),
  });
}
