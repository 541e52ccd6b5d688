import { findMemberLink, takeLink } from '../../store/one-time-links.ts';
import { insertAudit } from '../../store/members.ts';
import type { CookieJar } from '../../ports/sign-in.ts';
import { giveBackTry } from '../../store/throttles.ts';
import { jarOfHeader } from './cookie-jar.ts';
import { type CodesDeps, takeCode } from './second-step-codes.ts';
import { addressSubject, mailSubject, openSession, type SignInOutcome, takeTries } from './sign-in.ts';

/**
 * The second step of signing in: `step` is what the password has led to, `code` one of the app or a recovery code. Tries are
 * counted with those at the password, before anything is looked at.
 */
export async function signInWithCode(
  deps: CodesDeps,
  given: { step: string; code: string; address: string; userAgent?: string | null },
  jar: CookieJar = jarOfHeader(null),
): Promise<Exclude<SignInOutcome, { outcome: 'second_step' | 'stranger' }> | { outcome: 'expired' }> {
  const { sql } = deps.database;
  const digest = deps.signIn.digest(given.step);
  const at = await deps.clock.now();
  const member = await findMemberLink(sql, digest, 'second_step', at);
  if (member === null) return { outcome: 'expired' };
  const subjects = { mail: mailSubject(member.email), address: addressSubject(given.address) };
  const taken = await takeTries(deps, subjects);
  if (taken.outcome === 'paused') {
    deps.log.warn('sign-in paused', { whose: taken.whose, address: given.address });
    return taken;
  }
  const kind = await deps.database.transaction(async (held) => {
    const found = await takeCode(deps, held, { memberId: member.id, code: given.code, at });
    if (found === null || !(await takeLink(held, digest, 'second_step', at))) return null;
    if (found === 'recovery')
      await insertAudit(held, { at, actor: member.email, action: 'member.recovery_code_used', detail: {} });
    return found;
  });
  if (kind === null) {
    deps.log.warn('second step refused', { memberId: member.id, address: given.address });
    return taken;
  }
  // This try, and the one at the password.
  for (const subject of [subjects.mail, subjects.address]) {
    await giveBackTry(sql, subject);
    await giveBackTry(sql, subject);
  }
  return { outcome: 'in', token: await openSession(deps, member, jar, given.userAgent) };
}
