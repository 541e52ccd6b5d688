import type { Actor } from '../../domain/permissions.ts';
import type { Sql } from '../../ports/sql.ts';
import { findMember, insertAudit, lockAdmins, type MemberRow } from '../../store/members.ts';
import { deleteMemberLinks } from '../../store/one-time-links.ts';
import { deleteSessionsOf } from '../../store/sessions.ts';
import { mustBeAllowed } from '../refusal.ts';
import { barOutside } from './bar-outside.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { parseEmail } from './parse-email.ts';

interface Change {
  /** False when an admin is none any more afterwards; the last one may not be lost. */
  keepsAdmin: boolean;
  action: string;
  detail: (member: MemberRow) => Record<string, unknown>;
  write: (sql: Sql, member: MemberRow, at: number) => Promise<void>;
  /** Whether he is shut out by it (true) or let in again; without it the service that signs members in need not know. */
  isBarred?: boolean;
}

/** One change of what a member may do: the change, the end of his sessions and the line in the log, all or nothing. */
export async function changeMember(
  deps: MembersDeps,
  actor: Actor,
  email: string,
  change: Change,
): Promise<Wish<null>> {
  mustBeAllowed(actor, 'members:change');
  const at = await deps.clock.now();
  const done = await deps.database.transaction(async (sql): Promise<Wish<MemberRow>> => {
    const admins = await lockAdmins(sql);
    const member = await findMember(sql, parseEmail(email) ?? '');
    if (member === null) return { isDone: false, problem: `There is no member ${email}.` };
    if (!change.keepsAdmin && admins.length === 1 && admins[0] === member.id) {
      return { isDone: false, problem: `${member.email} is the last admin.` };
    }
    await change.write(sql, member, at);
    await deleteSessionsOf(sql, member.id);
    await deleteMemberLinks(sql, member.id);
    const detail = { email: member.email, ...change.detail(member) };
    await insertAudit(sql, { at, actor: actor.name, action: change.action, detail });
    return { isDone: true, value: member };
  });
  if (!done.isDone) return done;
  if (change.isBarred !== undefined) await barOutside(deps, done.value.password_hash, change.isBarred);
  return { isDone: true, value: null };
}
