import { describePasswordFault, findPasswordFault } from '../../domain/password.ts';
import { NotTaken, type SignIn } from '../../ports/sign-in.ts';
import type { Wish } from './members-deps.ts';
import { parseEmail } from './parse-email.ts';

/** Checks what somebody wants to sign in with and hashes the password; every way to become a member leads through here. */
export async function makeCredentials(
  signIn: Pick<SignIn, 'hashPassword'>,
  given: { email: string; password: string },
): Promise<Wish<{ email: string; passwordHash: string }>> {
  const email = parseEmail(given.email);
  if (email === null) return { isDone: false, problem: 'That is not an email address.' };
  const fault = findPasswordFault(given.password, email);
  if (fault !== null) return { isDone: false, problem: describePasswordFault(fault) };
  try {
    return { isDone: true, value: { email, passwordHash: await signIn.hashPassword(given.password, email) } };
  } catch (error) {
    if (error instanceof NotTaken) return { isDone: false, problem: error.message };
    throw error;
  }
}
