import type { CookieOptions } from '../../ports/sign-in.ts';

/** How long a session lives without being used, and in all. */
export const sessionIdleMs = 12 * 3_600_000;
export const sessionMostMs = 7 * 24 * 3_600_000;

/** The cookie that holds a session's token, with the attributes to set it with. */
export interface SessionCookie {
  name: string;
  options: CookieOptions;
}

/** Over https the name itself makes browsers insist on Secure, on the path and on this very host. */
export function sessionCookie(appUrl: URL): SessionCookie {
  const secure = appUrl.protocol === 'https:';
  return {
    name: secure ? '__Host-arbhub' : 'arbhub',
    options: { httpOnly: true, secure, sameSite: 'lax', path: '/', maxAge: sessionMostMs / 1000 },
  };
}
