import type { OwnSession } from '../../contract/own-sign-in.ts';
import type { Actor } from '../../domain/permissions.ts';
import { findMember, insertAudit } from '../../store/members.ts';
import { deleteSessionOf, deleteSessionsOf, listSessions } from '../../store/sessions.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { sessionIdleMs } from './session-life.ts';

/** Where the actor is signed in; `token` is that of the session that asks. Throws `Refused`. */
export async function readOwnSessions(
  deps: Pick<MembersDeps, 'database' | 'clock' | 'signIn'>,
  actor: Actor,
  token: string,
): Promise<OwnSession[]> {
  mustBeAllowed(actor, 'self:change');
  const at = await deps.clock.now();
  const own = deps.signIn.digest(token);
  return listSessions(deps.database.sql, actor.name, { at, idleMs: sessionIdleMs, own });
}

/** Ends one session of the actor's; its live line closes at once. Throws `Refused`. */
export async function endOwnSession(
  deps: MembersDeps,
  actor: Actor,
  { id }: { id: string },
): Promise<Wish<null>> {
  mustBeAllowed(actor, 'self:change');
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql): Promise<Wish<null>> => {
    const ended = await deleteSessionOf(sql, actor.name, id);
    if (ended === null) return { isDone: false, problem: 'This session has ended already.' };
    await insertAudit(sql, { at, actor: actor.name, action: 'member.session_ended', detail: { ...ended } });
    return { isDone: true, value: null };
  });
}

/** Ends every session of the actor's, the one that asks too. Throws `Refused`. */
export async function endOwnSessions(deps: MembersDeps, actor: Actor): Promise<Wish<null>> {
  mustBeAllowed(actor, 'self:change');
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql): Promise<Wish<null>> => {
    const member = await findMember(sql, actor.name);
    if (member === null) return { isDone: false, problem: 'Only a member who is signed in can do this.' };
    const sessions = await deleteSessionsOf(sql, member.id);
    const detail = { sessions };
    await insertAudit(sql, { at, actor: actor.name, action: 'member.signed_out_everywhere', detail });
    return { isDone: true, value: null };
  });
}
