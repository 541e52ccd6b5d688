import type { InvitationView } from '../../contract/admin.ts';
import { invitationWords } from '../../domain/letter-words.ts';
import type { Actor, Role } from '../../domain/permissions.ts';
import type { Sql } from '../../ports/sql.ts';
import { listInvitations, replaceInvitation, withdrawRow } from '../../store/invitations.ts';
import { findMember, insertAudit } from '../../store/members.ts';
import { deleteOldTries, takeTry, type Allowance } from '../../store/throttles.ts';
import { mustBeAllowed } from '../refusal.ts';
import { type HandedLink, handOver, type LettersDeps } from './letters-deps.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { parseEmail } from './parse-email.ts';

const hourMs = 3_600_000;
const lifeMs = 7 * 24 * hourMs;
/** Enough for a whole team at once, too few to fill a mailbox. */
const perInviter: Allowance = { tries: 50, windowMs: hourMs };
const perMail: Allowance = { tries: 5, windowMs: hourMs };

/** Asks somebody in by e-mail; an earlier invitation of the same e-mail ends. Throws `Refused`. */
export async function inviteMember(
  deps: LettersDeps,
  actor: Actor,
  given: { email: string; role: Role },
): Promise<Wish<{ email: string; role: Role } & HandedLink>> {
  mustBeAllowed(actor, 'members:change');
  const { role } = given;
  const email = parseEmail(given.email);
  if (email === null) return { isDone: false, problem: 'That is not an email address.' };
  const at = await deps.clock.now();
  if (!(await isAllowed(deps, actor, email, at)))
    return { isDone: false, problem: 'Too many invitations. Try again in an hour.' };
  const { token, digest } = deps.signIn.newToken();
  const asked = await deps.database.transaction(async (sql): Promise<Wish<null>> => {
    const problem = await whyNotInvite(sql, email);
    if (problem !== null) return { isDone: false, problem };
    const by = actor.name;
    await replaceInvitation(sql, { email, role, digest, by, at, expiresAt: at + lifeMs });
    await insertAudit(sql, { at, actor: by, action: 'member.invited', detail: { email, role } });
    return { isDone: true, value: null };
  });
  if (!asked.isDone) return asked;
  const link = new URL(`/invite/${token}`, deps.config.appUrl).href;
  const words = invitationWords({ link, role, invitedBy: actor.name, lifeMs });
  return { isDone: true, value: { email, role, ...(await handOver(deps, { to: email, ...words }, link)) } };
}

/** Ends an invitation that nobody has accepted. Throws `Refused`. */
export async function withdrawInvitation(
  deps: MembersDeps,
  actor: Actor,
  { email }: { email: string },
): Promise<Wish<null>> {
  mustBeAllowed(actor, 'members:change');
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql): Promise<Wish<null>> => {
    if (!(await withdrawRow(sql, parseEmail(email) ?? '', at)))
      return { isDone: false, problem: `There is no invitation of ${email} any more.` };
    const detail = { email };
    await insertAudit(sql, { at, actor: actor.name, action: 'member.invitation_withdrawn', detail });
    return { isDone: true, value: null };
  });
}

/** Who was invited and has not come yet. Throws `Refused`. */
export async function readInvitations(
  deps: Pick<MembersDeps, 'database'>,
  actor: Actor,
): Promise<InvitationView[]> {
  mustBeAllowed(actor, 'members:change');
  return listInvitations(deps.database.sql);
}

async function whyNotInvite(sql: Sql, email: string): Promise<string | null> {
  const member = await findMember(sql, email);
  if (member === null) return null;
  return member.disabled_at === null
    ? `${email} is a member already.`
    : `${email} was shut out; let him in again instead.`;
}

async function isAllowed(deps: MembersDeps, actor: Actor, email: string, at: number): Promise<boolean> {
  await deleteOldTries(deps.database.sql, 'invite:', at - hourMs);
  return deps.database.transaction(async (sql) => {
    const ofInviter = await takeTry(sql, `invite:by:${actor.name}`, perInviter, at);
    return ofInviter.isAllowed && (await takeTry(sql, `invite:mail:${email}`, perMail, at)).isAllowed;
  });
}
