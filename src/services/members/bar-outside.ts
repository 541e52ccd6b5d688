import type { MembersDeps } from './members-deps.ts';

/**
 * Tells the service that signs members in, where there is one, that one of them was shut out or let in again. The change itself
 * stands already, and stands without it: our table is asked on each request.
 */
export async function barOutside(
  deps: Pick<MembersDeps, 'signIn' | 'log'>,
  passwordHash: string | null,
  isBarred: boolean,
): Promise<void> {
  try {
    await deps.signIn.bar(passwordHash, isBarred);
  } catch (error) {
    deps.log.warn('sign-in service not told', { isBarred, error: String(error) });
  }
}
