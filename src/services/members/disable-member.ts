import type { Actor } from '../../domain/permissions.ts';
import { listDevicesOf, removeChannelRow } from '../../store/channels.ts';
import { updateDisabled } from '../../store/members.ts';
import { changeMember } from './change-member.ts';
import type { MembersDeps, Wish } from './members-deps.ts';

/** Shuts a member out, ends all his sessions and removes his devices: nothing is told there any more. Throws `Refused` when the actor may not. */
export async function disableMember(
  deps: MembersDeps,
  actor: Actor,
  given: { email: string },
): Promise<Wish<null>> {
  return changeMember(deps, actor, given.email, {
    keepsAdmin: false,
    action: 'member.disabled',
    detail: () => ({}),
    async write(sql, member, at) {
      await updateDisabled(sql, member.id, at);
      for (const { id } of await listDevicesOf(sql, member.id)) await removeChannelRow(sql, id, at);
    },
    isBarred: true,
  });
}
