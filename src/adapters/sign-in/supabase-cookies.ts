import type { CookieJar } from '../../ports/sign-in.ts';

const prefix = 'base64-';

/**
 * Reads the access token that the library has written into its cookies; nothing of it is proven. The library is not asked for it, because it would renew a session that
 * runs out, and where the answer's headers are gone the browser would be left with a used-up token.
 */
export async function keptToken(jar: Pick<CookieJar, 'getAll'>, name: string): Promise<string | null> {
  const held = jar.getAll();
  if (!held.some((cookie) => cookie.name.startsWith(name))) return null;
  const { combineChunks, stringFromBase64URL } = await import('@supabase/ssr');
  const text = await combineChunks(name, (part) => held.find((cookie) => cookie.name === part)?.value);
  if (!text?.startsWith(prefix)) return null;
  try {
    const kept: unknown = JSON.parse(stringFromBase64URL(text.slice(prefix.length)));
    const token = (kept as { access_token?: unknown } | null)?.access_token;
    return typeof token === 'string' ? token : null;
  } catch {
    return null;
  }
}
