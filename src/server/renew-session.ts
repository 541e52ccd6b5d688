import type { CookieJar, CookieOptions } from '../ports/sign-in.ts';
import { sessionCookie } from '../services/members/session-life.ts';
import type { Config } from './config.ts';

/** A cookie that the answer has to bring the browser. */
export interface FreshCookie {
  name: string;
  value: string;
  options: CookieOptions;
}

/** The cookie in which Supabase's library keeps a session. */
export function authCookie(appUrl: URL): { name: string; options: CookieOptions } {
  const { name, options } = sessionCookie(appUrl);
  return { name: `${name}-auth`, options };
}

/** Whether a request brings a session that Supabase signs, whatever it is worth. */
export function bringsSession(
  { appUrl, supabase }: Pick<Config, 'appUrl' | 'supabase'>,
  cookies: Pick<CookieJar, 'getAll'>,
): boolean {
  return supabase !== null && cookies.getAll().some(({ name }) => name.startsWith(authCookie(appUrl).name));
}

type RequestCookies = Pick<CookieJar, 'getAll'> & {
  set(name: string, value: string): unknown;
  delete(name: string): unknown;
};

/**
 * Renews the session of a request that Supabase signs, if it is about to run out, before anybody looks at it. The request itself
 * then brings the new one; the answer has to as well. Whether the session counts is decided elsewhere.
 */
export async function renewed(
  { appUrl, supabase }: Pick<Config, 'appUrl' | 'supabase'>,
  cookies: RequestCookies,
): Promise<FreshCookie[]> {
  const fresh: FreshCookie[] = [];
  if (supabase === null) return fresh;
  const jar: CookieJar = {
    getAll: () => cookies.getAll(),
    set(name, value, options) {
      if (options.maxAge === 0) cookies.delete(name);
      else cookies.set(name, value);
      fresh.push({ name, value, options });
    },
  };
  const { renewSession } = await import('../adapters/sign-in/supabase-sign-in.ts');
  // Without an answer from there the old session goes on for as long as it lasts.
  await renewSession(supabase, authCookie(appUrl), jar).catch(() => undefined);
  return fresh;
}
