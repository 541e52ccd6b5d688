import type { Role } from '../../domain/permissions.ts';
import type { CookieJar } from '../../ports/sign-in.ts';
import { acceptRow, lockInvitation } from '../../store/invitations.ts';
import { findMember, insertAudit, insertMember } from '../../store/members.ts';
import { jarOfHeader } from './cookie-jar.ts';
import { makeCredentials } from './make-credentials.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { enterAtOnce } from './sign-in.ts';

const deadLink: Wish<never> = {
  isDone: false,
  problem: 'This invitation has been used, was withdrawn or has run out. Ask for a new one.',
};

const isMember: Wish<never> = { isDone: false, problem: 'You are a member already. Sign in.' };

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
  jar: CookieJar = jarOfHeader(null),
): Promise<Wish<string>> {
  // First, so that nobody without a link can make the server hash.
  const invited = await readInvitation(deps, token);
  if (invited === null) return deadLink;
  const { email } = invited;
  // Where an outside service keeps passwords, asking it for one changes it at once.
  if ((await findMember(deps.database.sql, email)) !== null) return isMember;
  const credentials = await makeCredentials(deps.signIn, { email, password: given.password });
  if (!credentials.isDone) return credentials;
  const { passwordHash } = credentials.value;
  const at = await deps.clock.now();
  const made = await deps.database.transaction(async (sql): Promise<Wish<string>> => {
    const found = await lockInvitation(sql, deps.signIn.digest(token), at);
    if (found === null) return deadLink;
    const { role, invitedBy } = found;
    const id = await insertMember(sql, { email, role, passwordHash, at });
    if (id === null) return isMember;
    await acceptRow(sql, found.id, at);
    const detail = { role, invitedBy };
    await insertAudit(sql, { at, actor: email, action: 'member.invitation_accepted', detail });
    return { isDone: true, value: id };
  });
  if (!made.isDone) return made;
  return {
    isDone: true,
    value: await enterAtOnce(deps, { id: made.value, email }, { ...given, passwordHash }, jar),
  };
}
