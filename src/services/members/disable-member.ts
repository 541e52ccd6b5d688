import type { Actor } from '../../domain/permissions.ts';
import { listDevicesOf, removeChannelRow } from '../../store/channels.ts';
import { updateDisabled } from '../../store/members.ts';
import { barOutside } from './bar-outside.ts';
import { changeMember } from './change-member.ts';
import type { MembersDeps, Wish } from './members-deps.ts';

/** Shuts a member out, ends all his sessions and removes his devices: nothing is told there any more. Throws `Refused` when the actor may not. */
export async function disableMember(
  deps: MembersDeps,
  actor: Actor,
  given: { email: string },
): Promise<Wish<null>> {
  let kept: string | null = null;
  const done = await changeMember(deps, actor, given.email, {
    keepsAdmin: false,
    action: 'member.disabled',
    detail: () => ({}),
    async write(sql, member, at) {
      kept = member.password_hash;
      await updateDisabled(sql, member.id, at);
      for (const { id } of await listDevicesOf(sql, member.id)) await removeChannelRow(sql, id, at);
    },
  });
  if (done.isDone) await barOutside(deps, kept, true);
  return done;
}
