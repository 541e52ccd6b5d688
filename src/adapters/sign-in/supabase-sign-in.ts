import type { SupabaseClient } from '@supabase/supabase-js';
import type { CookieJar, SignIn } from '../../ports/sign-in.ts';
import { type Accounts, refOf, supabaseAccounts, userIdOf } from './supabase-accounts.ts';
import { cookieClient, plainClient, type AuthCookie, type Project } from './supabase-clients.ts';
import { keptToken } from './supabase-cookies.ts';
import { failure } from './supabase-failure.ts';
import { secrets } from './secrets.ts';

/**
 * Sign-in by Supabase Auth. It keeps the passwords and signs the sessions; whether a session is one of a member's, and what that
 * member may do, only our own tables say. Nothing that a user can write himself (`user_metadata`), and nothing unverified, is looked at.
 */
export function supabaseSignIn(project: Project & { serviceRoleKey: string }, cookie: AuthCookie): SignIn {
  let theVerifier: Promise<SupabaseClient> | undefined;
  let theAccounts: Promise<Accounts> | undefined;
  // One for the whole process, so that the project's public keys are fetched once.
  const verifier = () => (theVerifier ??= plainClient(project, project.anonKey));
  const accounts = () =>
    (theAccounts ??= plainClient(project, project.serviceRoleKey).then(supabaseAccounts));

  /** The session that a token proves; null for one that is forged, has run out, or is of no signed-in user. */
  async function proven(token: string): Promise<{ userId: string; sessionId: string } | null> {
    const { auth } = await verifier();
    const { data, error } = await auth.getClaims(token).catch(() => ({ data: null, error: null }));
    if (isSilence(error)) throw failure(error);
    const { sub, session_id: sessionId, role } = data?.claims ?? {};
    const isWhole =
      typeof sub === 'string' && typeof sessionId === 'string' && sub !== '' && sessionId !== '';
    return isWhole && role === 'authenticated' ? { userId: sub, sessionId } : null;
  }

  /** Whether Supabase itself still lets this session pass, at this moment. */
  async function isCurrent(token: string, userId: string): Promise<boolean> {
    const { data, error } = await (await verifier()).auth.getUser(token);
    if (isSilence(error)) throw failure(error);
    return error === null && data.user.id === userId;
  }

  const sessionOf: SignIn['sessionOf'] = async (jar, need) => {
    const token = await keptToken(jar, cookie.name);
    if (token === null) return null;
    const session = await proven(token);
    if (session === null) return null;
    if (need === 'write' && !(await isCurrent(token, session.userId))) return null;
    return `${session.userId}.${session.sessionId}`;
  };

  return {
    ...secrets,
    sessionOf,
    hashPassword: async (password, email) => refOf(await (await accounts()).keepPassword(email, password)),
    async verifyPassword(password, ref, email) {
      const client = await plainClient(project, project.anonKey);
      const { data, error } = await client.auth.signInWithPassword({ email, password });
      if (isSilence(error)) throw failure(error);
      if (error !== null) return false;
      await client.auth.signOut({ scope: 'local' });
      return data.user.id === userIdOf(ref);
    },
    async enter({ email, password }, ref, jar) {
      const client = await cookieClient(project, jar, cookie);
      const { data, error } = await client.auth.signInWithPassword({ email, password });
      if (isSilence(error)) throw failure(error);
      if (error !== null) return 'wrong';
      if (data.user.id === userIdOf(ref)) return 'in';
      await client.auth.signOut({ scope: 'local' });
      return 'stranger';
    },
    async begin(jar) {
      const token = await sessionOf(jar, 'read');
      if (token === null) throw new Error('Supabase Auth gave a session that does not verify');
      return { token, digest: secrets.digest(token) };
    },
    async end(jar) {
      const client = await cookieClient(project, jar, cookie);
      const { error } = await client.auth.signOut({ scope: 'local' });
      // The browser forgets the session in any case; our table has forgotten it already.
      if (error !== null)
        for (const { name } of jar.getAll())
          if (isPartOf(name, cookie.name)) jar.set(name, '', { ...cookie.options, maxAge: 0 });
    },
    async bar(ref, isBarred) {
      const userId = userIdOf(ref);
      if (userId !== null) await (await accounts()).setBarred(userId, isBarred);
    },
    outsideToken: (jar) => keptToken(jar, cookie.name),
  };
}

/**
 * Renews a session that runs out within a minute and a half, into the jar. Must be done where the answer's headers are open and before anybody
 * else looks at the session; one that has run out and is not renewed is taken out of the jar.
 */
export async function renewSession(project: Project, cookie: AuthCookie, jar: CookieJar): Promise<void> {
  if ((await keptToken(jar, cookie.name)) === null) return;
  // Only for its renewing: what it says of the user is proven by nothing.
  await (await cookieClient(project, jar, cookie)).auth.getSession();
}

/** Supabase has not answered, or has failed itself: that says nothing about a user. */
const isSilence = (error: { name: string } | null): error is Error & { name: 'AuthRetryableFetchError' } =>
  error?.name === 'AuthRetryableFetchError';

const isPartOf = (name: string, whole: string): boolean =>
  name === whole || (name.startsWith(`${whole}.`) && /^\d+$/.test(name.slice(whole.length + 1)));
