/** How long a session lives without being used, and in all. */
export const sessionIdleMs = 12 * 3_600_000;
export const sessionMostMs = 7 * 24 * 3_600_000;

/** The cookie that holds a session's token, with the attributes to set it with. */
export interface SessionCookie {
  name: string;
  options: { httpOnly: true; secure: boolean; sameSite: 'lax'; path: '/'; maxAge: number };
}

/** Over https the name itself makes browsers insist on Secure, on the path and on this very host. */
export function sessionCookie(appUrl: URL): SessionCookie {
  const secure = appUrl.protocol === 'https:';
  return {
    name: secure ? '__Host-arbhub' : 'arbhub',
    options: { httpOnly: true, secure, sameSite: 'lax', path: '/', maxAge: sessionMostMs / 1000 },
  };
}

/** The session's token in a Cookie header, or null. */
export function tokenOfCookieHeader(header: string | null | undefined, appUrl: URL): string | null {
  const { name } = sessionCookie(appUrl);
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=');
    if (at > 0 && pair.slice(0, at).trim() === name) return pair.slice(at + 1).trim();
  }
  return null;
}
