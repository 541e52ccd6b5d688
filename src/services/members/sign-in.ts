import { deviceName } from '../../domain/device-name.ts';
import { deleteOldTries, giveBackTry, takeTry, type Allowance } from '../../store/throttles.ts';
import { deleteExpiredSessions, insertSession } from '../../store/sessions.ts';
import { insertMemberLink } from '../../store/one-time-links.ts';
import { findMember, insertAudit, type MemberRow } from '../../store/members.ts';
import type { CookieJar } from '../../ports/sign-in.ts';
import { jarOfHeader } from './cookie-jar.ts';
import type { Sql } from '../../ports/sql.ts';
import type { MembersDeps } from './members-deps.ts';
import { parseEmail } from './parse-email.ts';
import { sessionIdleMs, sessionMostMs } from './session-life.ts';
import { endSession } from './sign-out.ts';

const minuteMs = 60_000;
/** Within any hour at most 20 guesses at one account are looked at: 6 at the end of one window and twice 7. */
const perMail: Allowance = { tries: 7, windowMs: 30 * minuteMs };
const stepLifeMs = 10 * minuteMs;
const perAddress: Allowance = { tries: 30, windowMs: 15 * minuteMs };

export type SignInOutcome =
  /** The token is for the cookie and is told nowhere else. */
  | { outcome: 'in'; token: string }
  /** The password was right and is not enough; `step` is for the form that asks for a code. */
  | { outcome: 'second_step'; step: string }
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
  given: { email: string; password: string; address: string; userAgent?: string | null },
  jar: CookieJar = jarOfHeader(null),
): Promise<SignInOutcome> {
  const { sql } = deps.database;
  const email = parseEmail(given.email) ?? 'not an e-mail';
  const subjects = { mail: mailSubject(email), address: addressSubject(given.address) };
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
  if (member.has_second_step) return { outcome: 'second_step', step: await makeStep(deps, member) };
  // Failures before this one still count: otherwise each visit of the owner would give a guesser a new allowance.
  await giveBackTry(sql, subjects.mail);
  await giveBackTry(sql, subjects.address);
  return { outcome: 'in', token: await openSession(deps, member, jar, given.userAgent) };
}

/** Signs a member in who has just chosen his password. Answers what names the session. */
export async function enterAtOnce(
  deps: MembersDeps,
  member: Pick<MemberRow, 'id' | 'email'>,
  given: { password: string; passwordHash: string; userAgent?: string | null },
  jar: CookieJar,
): Promise<string> {
  const before = await deps.signIn.sessionOf(jar, 'read');
  if (before !== null) await endSession(deps, before);
  const entry = await deps.signIn.enter(
    { email: member.email, password: given.password },
    given.passwordHash,
    jar,
  );
  if (entry !== 'in')
    throw new Error('a new member cannot sign in with the password that he has just chosen');
  return openSession(deps, member, jar, given.userAgent);
}

/** What leads from the password to the second step, for as long as it takes to find the phone. */
async function makeStep(deps: MembersDeps, { id: memberId }: Pick<MemberRow, 'id'>): Promise<string> {
  const at = await deps.clock.now();
  const { token, digest } = deps.signIn.newToken();
  const link = { digest, purpose: 'second_step', memberId, at, expiresAt: at + stepLifeMs } as const;
  await insertMemberLink(deps.database.sql, link);
  return token;
}

/** Opens a session for a member who has proven who he is; what names it is in the jar, and answered for those who have none. */
export async function openSession(
  deps: MembersDeps,
  member: Pick<MemberRow, 'id' | 'email'>,
  jar: CookieJar,
  userAgent: string | null = null,
): Promise<string> {
  const at = await deps.clock.now();
  const { token, digest } = await deps.signIn.begin(jar);
  await deps.database.transaction(async (sql) => {
    const device = userAgent === null ? null : deviceName(userAgent);
    await insertSession(sql, { digest, memberId: member.id, at, expiresAt: at + sessionMostMs, device });
    await insertAudit(sql, { at, actor: member.email, action: 'member.signed_in', detail: {} });
  });
  deps.log.info('signed in', { memberId: member.id });
  await deleteExpiredSessions(deps.database.sql, at, sessionIdleMs);
  await deleteOldTries(deps.database.sql, 'login:', at - perMail.windowMs);
  return token;
}

/** What tries at one account are counted under, whatever is guessed at: the password or a code. */
export function mailSubject(email: string): string {
  return `login:mail:${email}`;
}

/** What tries from one address are counted under. */
export function addressSubject(address: string): string {
  return `login:address:${address}`;
}

type TryOutcome = Extract<SignInOutcome, { outcome: 'wrong' | 'paused' }>;

/** Takes a try at one account, before anything is looked at. */
export async function takeMailTry(
  deps: Pick<MembersDeps, 'database' | 'clock'>,
  email: string,
): Promise<TryOutcome> {
  const at = await deps.clock.now();
  return deps.database.transaction((sql) => ofAccount(sql, mailSubject(email), at));
}

async function ofAccount(sql: Sql, subject: string, at: number): Promise<TryOutcome> {
  const taken = await takeTry(sql, subject, perMail, at);
  return taken.isAllowed
    ? { outcome: 'wrong', triesLeft: taken.left }
    : { outcome: 'paused', whose: 'account', forMs: taken.pausedUntil - at };
}

/** Takes a try from one address at one account, before anything is looked at. */
export async function takeTries(
  deps: Pick<MembersDeps, 'database' | 'clock'>,
  subjects: { mail: string; address: string },
): Promise<TryOutcome> {
  // Asked before the transaction: the clock may need a connection of its own.
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const ofAddress = await takeTry(sql, subjects.address, perAddress, at);
    if (!ofAddress.isAllowed)
      return { outcome: 'paused', whose: 'address', forMs: ofAddress.pausedUntil - at };
    return ofAccount(sql, subjects.mail, at);
  });
}

/** The answer in words for the person at the form; the same whether or not the account exists. */
export function describeSignIn(result: TryOutcome | { outcome: 'stranger' }): string {
  if (result.outcome === 'stranger') return 'You are not a member here. An admin of your team can add you.';
  if (result.outcome === 'paused') {
    const minutes = Math.max(1, Math.ceil(result.forMs / 60_000));
    const time = minutes === 1 ? '1 more minute' : `${minutes} more minutes`;
    return result.whose === 'account'
      ? `Too many tries. This account pauses for ${time}.`
      : `Too many tries from your address. It pauses for ${time}.`;
  }
  return wrong('Email or password', result.triesLeft);
}

/** The same for the code of the second step. */
export function describeCode(result: TryOutcome): string {
  return result.outcome === 'paused' ? describeSignIn(result) : wrong('The code', result.triesLeft);
}

function wrong(what: string, triesLeft: number): string {
  if (triesLeft === 0) return `${what} is wrong. This account pauses for 30 minutes now.`;
  const tries = triesLeft === 1 ? '1 more try' : `${triesLeft} more tries`;
  return `${what} is wrong. After ${tries} this account pauses for 30 minutes.`;
}
