import type { SupabaseClient } from '@supabase/supabase-js';
import WebSocket from 'ws';
import type { CookieJar, CookieOptions } from '../../ports/sign-in.ts';

export interface Project {
  /** Its origin. */
  url: string;
  anonKey: string;
}

/** The cookie that sessions are in; a long one is cut, and the parts are numbered. */
export interface AuthCookie {
  name: string;
  options: CookieOptions;
}

const timeoutMs = 10_000;

const common = {
  global: {
    fetch: (input: RequestInfo | URL, init: RequestInit = {}) =>
      fetch(input, { ...init, signal: init.signal ?? AbortSignal.timeout(timeoutMs) }),
  },
  // Not used, but without one the library refuses to start on Node 20.
  realtime: { transport: WebSocket as unknown as typeof globalThis.WebSocket },
};

// The libraries cost 25 MB of memory, which nobody pays who signs in without them: they are loaded on first use.

/** A client that keeps nothing: each call says for whom it is. */
export async function plainClient({ url }: Project, key: string): Promise<SupabaseClient> {
  const { createClient } = await import('@supabase/supabase-js');
  return createClient(url, key, {
    ...common,
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
}

/** A client whose session is in the cookies of one request. */
export async function cookieClient(
  { url, anonKey }: Project,
  jar: CookieJar,
  { name, options }: AuthCookie,
): Promise<SupabaseClient> {
  const { createServerClient } = await import('@supabase/ssr');
  return createServerClient(url, anonKey, {
    ...common,
    cookieOptions: { ...options, name },
    cookies: {
      getAll: () => [...jar.getAll()],
      setAll(cookies) {
        for (const { name: part, value } of cookies)
          jar.set(part, value, value === '' ? { ...options, maxAge: 0 } : options);
      },
    },
  });
}
