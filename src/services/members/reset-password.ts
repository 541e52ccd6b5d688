import { resetWords } from '../../domain/letter-words.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Sql } from '../../ports/sql.ts';
import { findMember, insertAudit, updatePassword } from '../../store/members.ts';
import { deleteMemberLinks, findMemberLink, insertMemberLink, takeLink } from '../../store/one-time-links.ts';
import { deleteSessionsOf } from '../../store/sessions.ts';
import { deleteOldTries, takeTry, type Allowance } from '../../store/throttles.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { LettersDeps } from './letters-deps.ts';
import { makeCredentials } from './make-credentials.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { parseEmail } from './parse-email.ts';

const hourMs = 3_600_000;
const lifeMs = hourMs;
const perMail: Allowance = { tries: 3, windowMs: hourMs };
const perAddress: Allowance = { tries: 10, windowMs: hourMs };

const deadLink: Wish<never> = {
  isDone: false,
  problem: 'This link has been used or has run out. Ask for a new one.',
};

/**
 * Sends a member who has forgotten his password a link to a new one. Whoever asks is told nothing, neither by an answer nor by
 * how long it takes: call it beside the answer.
 */
export async function askForReset(
  deps: LettersDeps,
  given: { email: string; address: string },
): Promise<void> {
  const email = parseEmail(given.email);
  const at = await deps.clock.now();
  if (email === null || deps.letters === null) return;
  const isAllowed = await deps.database.transaction(async (sql) => {
    const ofAddress = await takeTry(sql, `reset:address:${given.address}`, perAddress, at);
    return ofAddress.isAllowed && (await takeTry(sql, `reset:mail:${email}`, perMail, at)).isAllowed;
  });
  if (!isAllowed) {
    deps.log.warn('reset paused', { address: given.address });
    return;
  }
  await deleteOldTries(deps.database.sql, 'reset:', at - hourMs);
  const link = await deps.database.transaction((sql) => makeLink(deps, sql, { email, by: email, at }));
  if (link === null) return;
  const sent = await deps.letters.send({ to: email, ...resetWords({ link, lifeMs }) });
  if (!sent.isSent) deps.log.warn('letter not sent', { subject: 'reset', problem: sent.problem });
}

/** A link to a new password, for an admin to hand over where there is no mail server. It is told this once. Throws `Refused`. */
export async function makeResetLink(
  deps: Omit<LettersDeps, 'letters'>,
  actor: Actor,
  given: { email: string },
): Promise<Wish<{ link: string }>> {
  mustBeAllowed(actor, 'members:change');
  const email = parseEmail(given.email) ?? '';
  const at = await deps.clock.now();
  const link = await deps.database.transaction((sql) => makeLink(deps, sql, { email, by: actor.name, at }));
  return link === null
    ? { isDone: false, problem: `There is no member ${given.email} who may sign in.` }
    : { isDone: true, value: { link } };
}

async function makeLink(
  deps: Omit<LettersDeps, 'letters'>,
  sql: Sql,
  { email, by, at }: { email: string; by: string; at: number },
): Promise<string | null> {
  const member = await findMember(sql, email);
  if (member === null || member.disabled_at !== null) return null;
  const { token, digest } = deps.signIn.newToken();
  const memberId = member.id;
  await deleteMemberLinks(sql, memberId, 'password_reset');
  await insertMemberLink(sql, { digest, purpose: 'password_reset', memberId, at, expiresAt: at + lifeMs });
  await insertAudit(sql, { at, actor: by, action: 'member.reset_link_made', detail: { email } });
  return new URL(`/reset/${token}`, deps.config.appUrl).href;
}

/** Whose password the link changes, while it works. Changes nothing: mail scanners open links by themselves. */
export async function readReset(deps: MembersDeps, token: string): Promise<{ email: string } | null> {
  const at = await deps.clock.now();
  const member = await findMemberLink(deps.database.sql, deps.signIn.digest(token), 'password_reset', at);
  return member && { email: member.email };
}

/**
 * Gives the link's member a new password and ends all his sessions. He signs in with it then, by his second step too where he
 * has one. The link is the permission.
 */
export async function resetPassword(
  deps: MembersDeps,
  token: string,
  { password }: { password: string },
): Promise<Wish<null>> {
  // First, so that nobody without a link can make the server hash.
  const member = await readReset(deps, token);
  if (member === null) return deadLink;
  const credentials = await makeCredentials(deps.signIn, { email: member.email, password });
  if (!credentials.isDone) return credentials;
  const { passwordHash } = credentials.value;
  const at = await deps.clock.now();
  const digest = deps.signIn.digest(token);
  return deps.database.transaction(async (sql): Promise<Wish<null>> => {
    const found = await findMemberLink(sql, digest, 'password_reset', at);
    if (found === null || !(await takeLink(sql, digest, 'password_reset', at))) return deadLink;
    await updatePassword(sql, found.id, passwordHash);
    await deleteMemberLinks(sql, found.id);
    await deleteSessionsOf(sql, found.id);
    await insertAudit(sql, { at, actor: found.email, action: 'member.password_reset', detail: {} });
    return { isDone: true, value: null };
  });
}
