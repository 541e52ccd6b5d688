import { deleteOldTries, giveBackTry, resetTries, takeTry, type Allowance } from '../../store/throttles.ts';
import { deleteExpiredSessions, insertSession } from '../../store/sessions.ts';
import { findMember, insertAudit, type MemberRow } from '../../store/members.ts';
import type { CookieJar } from '../../ports/sign-in.ts';
import { jarOfHeader } from './cookie-jar.ts';
import type { MembersDeps } from './members-deps.ts';
import { parseEmail } from './parse-email.ts';
import { sessionIdleMs, sessionMostMs } from './session-life.ts';
import { endSession } from './sign-out.ts';

const windowMs = 15 * 60_000;
const perMail: Allowance = { tries: 10, windowMs };
const perAddress: Allowance = { tries: 30, windowMs };

export type SignInOutcome =
  /** The token is for the cookie and is told nowhere else. */
  | { outcome: 'in'; token: string }
  | { outcome: 'wrong'; triesLeft: number }
  /** The password is right, but whoever has it is no member. */
  | { outcome: 'stranger' }
  | { outcome: 'paused'; whose: 'account' | 'address'; forMs: number };

/**
 * Signs in with a password and opens a new session in the jar, whatever cookie came along; the session of that one ends. Tries
 * are counted before any hashing.
 */
export async function signInWithPassword(
  deps: MembersDeps,
  given: { email: string; password: string; address: string },
  jar: CookieJar = jarOfHeader(null),
): Promise<SignInOutcome> {
  const { sql } = deps.database;
  const email = parseEmail(given.email) ?? 'not an e-mail';
  const subjects = { mail: `login:mail:${email}`, address: `login:address:${given.address}` };
  const taken = await takeTries(deps, subjects);
  if (taken.outcome === 'paused') {
    deps.log.warn('sign-in paused', { whose: taken.whose, address: given.address });
    return taken;
  }
  const member = await findMember(sql, email);
  const before = await deps.signIn.sessionOf(jar, 'read');
  const { password } = given;
  const entry = await deps.signIn.enter({ email, password }, member?.password_hash ?? null, jar);
  if (member === null || entry !== 'in' || member.disabled_at !== null) {
    // The e-mail as typed may be a password in the wrong field.
    deps.log.warn('sign-in refused', { memberId: member?.id ?? null, address: given.address, entry });
    if (entry === 'in') await deps.signIn.end(jar);
    return entry === 'stranger' ? { outcome: 'stranger' } : taken;
  }
  if (before !== null) await endSession(deps, before);
  await resetTries(sql, subjects.mail);
  await giveBackTry(sql, subjects.address);
  return { outcome: 'in', token: await openSession(deps, member, jar) };
}

/** Opens a session for a member who has proven who he is; what names it is in the jar, and answered for those who have none. */
export async function openSession(
  deps: MembersDeps,
  member: Pick<MemberRow, 'id' | 'email'>,
  jar: CookieJar,
): Promise<string> {
  const at = await deps.clock.now();
  const { token, digest } = await deps.signIn.begin(jar);
  await deps.database.transaction(async (sql) => {
    await insertSession(sql, { digest, memberId: member.id, at, expiresAt: at + sessionMostMs });
    await insertAudit(sql, { at, actor: member.email, action: 'member.signed_in', detail: {} });
  });
  deps.log.info('signed in', { memberId: member.id });
  await deleteExpiredSessions(deps.database.sql, at, sessionIdleMs);
  await deleteOldTries(deps.database.sql, 'login:', at - windowMs);
  return token;
}

async function takeTries(
  deps: MembersDeps,
  subjects: { mail: string; address: string },
): Promise<Exclude<SignInOutcome, { outcome: 'in' | 'stranger' }>> {
  // Asked before the transaction: the clock may need a connection of its own.
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const ofAddress = await takeTry(sql, subjects.address, perAddress, at);
    if (!ofAddress.isAllowed)
      return { outcome: 'paused', whose: 'address', forMs: ofAddress.pausedUntil - at };
    const ofMail = await takeTry(sql, subjects.mail, perMail, at);
    if (!ofMail.isAllowed) return { outcome: 'paused', whose: 'account', forMs: ofMail.pausedUntil - at };
    return { outcome: 'wrong', triesLeft: ofMail.left };
  });
}

/** The answer in words for the person at the form; the same whether or not the account exists. */
export function describeSignIn(result: Exclude<SignInOutcome, { outcome: 'in' }>): string {
  if (result.outcome === 'stranger') return 'You are not a member here. An admin of your team can add you.';
  if (result.outcome === 'paused') {
    const minutes = Math.max(1, Math.ceil(result.forMs / 60_000));
    const time = minutes === 1 ? '1 more minute' : `${minutes} more minutes`;
    return result.whose === 'account'
      ? `Too many tries. This account pauses for ${time}.`
      : `Too many tries from your address. It pauses for ${time}.`;
  }
  const { triesLeft } = result;
  if (triesLeft === 0) return 'Email or password is wrong. This account pauses for 15 minutes now.';
  const tries = triesLeft === 1 ? '1 more try' : `${triesLeft} more tries`;
  return `Email or password is wrong. After ${tries} this account pauses for 15 minutes.`;
}
