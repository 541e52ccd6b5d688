import type { Role } from '../../domain/permissions.ts';
import { acceptRow, lockInvitation } from '../../store/invitations.ts';
import { insertAudit, insertMember } from '../../store/members.ts';
import { makeCredentials } from './make-credentials.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { openSession } from './sign-in.ts';

const deadLink: Wish<never> = {
  isDone: false,
  problem: 'This invitation has been used, was withdrawn or has run out. Ask for a new one.',
};

/** Whom an invitation is for, while it counts. Changes nothing: mail scanners open links by themselves. */
export async function readInvitation(
  deps: MembersDeps,
  token: string,
): Promise<{ email: string; role: Role } | null> {
  const found = await lockInvitation(deps.database.sql, deps.signIn.digest(token), await deps.clock.now());
  return found && { email: found.email, role: found.role };
}

/** Makes whoever holds the link a member and signs him in; the value is his session's token. The link is the permission. */
export async function acceptInvitation(
  deps: MembersDeps,
  token: string,
  given: { password: string; userAgent?: string | null },
): Promise<Wish<string>> {
  // First, so that nobody without a link can make the server hash.
  const invited = await readInvitation(deps, token);
  if (invited === null) return deadLink;
  const { email } = invited;
  const credentials = await makeCredentials(deps.signIn, { email, password: given.password });
  if (!credentials.isDone) return credentials;
  const { passwordHash } = credentials.value;
  const at = await deps.clock.now();
  const made = await deps.database.transaction(async (sql): Promise<Wish<string>> => {
    const found = await lockInvitation(sql, deps.signIn.digest(token), at);
    if (found === null) return deadLink;
    const { role, invitedBy } = found;
    const id = await insertMember(sql, { email, role, passwordHash, at });
    if (id === null) return { isDone: false, problem: 'You are a member already. Sign in.' };
    await acceptRow(sql, found.id, at);
    const detail = { role, invitedBy };
    await insertAudit(sql, { at, actor: email, action: 'member.invitation_accepted', detail });
    return { isDone: true, value: id };
  });
  if (!made.isDone) return made;
  return { isDone: true, value: await openSession(deps, { id: made.value, email }, given.userAgent) };
}
