import { insertAudit } from '../../store/members.ts';
import { deleteSession } from '../../store/sessions.ts';
import type { MembersDeps } from './members-deps.ts';

/** Ends the session of this token; without one it does nothing. */
export async function endSession(deps: MembersDeps, token: string): Promise<void> {
  const at = await deps.clock.now();
  await deps.database.transaction(async (sql) => {
    const email = await deleteSession(sql, deps.signIn.digest(token));
    if (email !== null) await insertAudit(sql, { at, actor: email, action: 'member.signed_out', detail: {} });
  });
}
