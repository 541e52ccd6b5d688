import { findMember, hasAdmin, lockFirstAdmin } from '../../store/members.ts';
import { isLinkUsable, takeLink } from '../../store/one-time-links.ts';
import { insertFirstAdmin } from './ensure-first-admin.ts';
import { makeCredentials } from './make-credentials.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { parseEmail } from './parse-email.ts';
import type { CookieJar } from '../../ports/sign-in.ts';
import { jarOfHeader } from './cookie-jar.ts';
import { enterAtOnce } from './sign-in.ts';

const deadLink: Wish<never> = {
  isDone: false,
  problem: 'This set-up link has been used or has run out. Start ArbHub again to get a new one.',
};

/** Whether the set-up page has anything to offer for this token. Changes nothing: previews open links by themselves. */
export async function canSetUp(deps: MembersDeps, token: string): Promise<boolean> {
  const { sql } = deps.database;
  const at = await deps.clock.now();
  return (await isLinkUsable(sql, deps.signIn.digest(token), 'first_admin', at)) && !(await hasAdmin(sql));
}

const emailTaken: Wish<never> = { isDone: false, problem: 'That email is taken.' };

/** Turns the set-up link into the first admin and signs him in with the jar; the value is his session's token. */
export async function setUpFirstAdmin(
  deps: MembersDeps,
  token: string,
  given: { email: string; password: string; userAgent?: string | null },
  jar: CookieJar = jarOfHeader(null),
): Promise<Wish<string>> {
  // First, so that nobody without a link can make the server hash.
  if (!(await canSetUp(deps, token))) return deadLink;
  // Before anything is kept: nobody's password may change by this.
  if ((await findMember(deps.database.sql, parseEmail(given.email) ?? '')) !== null) return emailTaken;
  const credentials = await makeCredentials(deps.signIn, given);
  if (!credentials.isDone) return credentials;
  const { email, passwordHash } = credentials.value;
  const at = await deps.clock.now();
  const made = await deps.database.transaction(async (sql): Promise<Wish<string>> => {
    await lockFirstAdmin(sql);
    if (await hasAdmin(sql)) return deadLink;
    if ((await findMember(sql, email)) !== null) return emailTaken;
    if (!(await takeLink(sql, deps.signIn.digest(token), 'first_admin', at))) return deadLink;
    const id = await insertFirstAdmin(sql, credentials.value, { at, actor: email });
    return id === null ? deadLink : { isDone: true, value: id };
  });
  if (!made.isDone) return made;
  return {
    isDone: true,
    value: await enterAtOnce(deps, { id: made.value, email }, { ...given, passwordHash }, jar),
  };
}
