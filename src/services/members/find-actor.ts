import { type Actor, lesserRole } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { CookieJar, Need, SignIn } from '../../ports/sign-in.ts';
import type { Database } from '../../ports/sql.ts';
import { findApiKey, touchApiKey } from '../../store/api-keys.ts';
import { findSession, touchSession } from '../../store/sessions.ts';
import { jarOfHeader } from './cookie-jar.ts';
import { isOwnOrigin } from './own-origin.ts';
import { sessionIdleMs } from './session-life.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
  signIn: Pick<SignIn, 'digest' | 'sameSecret' | 'sessionOf'>;
}

/** Often enough for an idle time of hours, seldom enough that reading a page writes nothing. */
const touchEveryMs = 60_000;

/** Who holds this session's token, with the role he has at this moment; null when nobody does any more. */
export async function actorOfToken(deps: Deps, token: string): Promise<Actor | null> {
  const { sql } = deps.database;
  const digest = deps.signIn.digest(token);
  const at = await deps.clock.now();
  const session = await findSession(sql, digest, at, sessionIdleMs);
  if (session === null) return null;
  if (at - session.last_seen_at >= touchEveryMs) await touchSession(sql, digest, at);
  const actor = { role: session.role, name: session.email };
  return session.is_held ? { ...actor, isHeld: true } : actor;
}

/** The caller of a request by its cookies. Whoever wants to change something is asked for more than one who reads. */
export async function actorOfCookies(
  deps: Deps,
  jar: Pick<CookieJar, 'getAll'>,
  need: Need,
): Promise<Actor | null> {
  const token = await deps.signIn.sessionOf(jar, need);
  return token === null ? null : actorOfToken(deps, token);
}

/** The caller of a request by its Cookie header. */
export async function actorOfCookie(
  deps: Deps,
  cookieHeader: string | null | undefined,
  need: Need = 'read',
): Promise<Actor | null> {
  return actorOfCookies(deps, jarOfHeader(cookieHeader), need);
}

/** The caller of a WebSocket's handshake, which browsers let any page begin: only the product's own pages count. */
export async function actorOfCookieHeader(
  deps: Deps & { config: { appUrl: URL } },
  cookieHeader: string | null | undefined,
  origin: string | null | undefined,
): Promise<Actor | null> {
  return isOwnOrigin(origin, deps.config.appUrl) ? actorOfCookie(deps, cookieHeader) : null;
}

/**
 * The program behind an `Authorization` header, by the key of the settings or one that was made in the product; null when it is
 * neither. A key never does more than its maker may at this moment.
 */
export async function actorOfBearer(
  deps: Deps & { signIn: Pick<SignIn, 'sameSecret' | 'digest'>; config: { apiKey: string | null } },
  authorization: string,
): Promise<Actor | null> {
  const { apiKey } = deps.config;
  if (apiKey !== null && isBearerOf(deps.signIn, authorization, apiKey))
    return { role: 'viewer', name: 'api-key:environment' };
  const given = bearerOf(authorization);
  if (given === null) return null;
  const { sql } = deps.database;
  const key = await findApiKey(sql, deps.signIn.digest(given));
  if (key === null) return null;
  const at = await deps.clock.now();
  if (at - (key.lastUsedAt ?? -Infinity) >= touchEveryMs) await touchApiKey(sql, key.id, at);
  const role = key.makerRole === null ? key.role : lesserRole(key.role, key.makerRole);
  return { role, name: `api-key:${key.name}` };
}

/** Whether an `Authorization` header bears exactly this secret. */
export function isBearerOf(
  signIn: Pick<SignIn, 'sameSecret'>,
  authorization: string | null,
  secret: string,
): boolean {
  const given = bearerOf(authorization);
  return given !== null && secret !== '' && signIn.sameSecret(given, secret);
}

function bearerOf(authorization: string | null): string | null {
  return /^Bearer +(\S.*)$/i.exec(authorization ?? '')?.[1] ?? null;
}
