import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { claimsOf, ellipticSigner, secretSigner, type TokenSigner } from './tokens.ts';

/** Supabase Auth over its own wire, with the little that ArbHub uses; what it knows is in memory. */

export interface AuthUser {
  id: string;
  email: string;
  password: string;
  app_metadata: Record<string, unknown>;
  user_metadata: Record<string, unknown>;
  banned_until: number | null;
}

export interface Answer {
  status: number;
  body?: unknown;
}

export interface AuthServer {
  users: Map<string, AuthUser>;
  /** Every request: method and path. */
  asked: string[];
  /** Access tokens from now on are signed so. */
  signer: TokenSigner;
  /** How long access tokens last from now on. */
  lifeSeconds: number;
  /** For how long a used-up refresh token is taken once more: several requests of one browser come at once. */
  reuseSeconds: number;
  /** Whoever holds a token of this server's making; null for every other. */
  holderOf(token: string): AuthUser | null;
  /** Signs up by himself, as open projects allow. */
  signUp(email: string, password: string): AuthUser;
  signedTokenOf(user: AuthUser, more?: object): string;
  answer(request: IncomingMessage, path: string, query: URLSearchParams, body: string): Answer;
}

interface Keys {
  anonKey: string;
  serviceRoleKey: string;
}

interface Session {
  id: string;
  userId: string;
  /** The newest refresh token; older ones are used up, since when (epoch seconds). */
  refresh: string;
  used: Map<string, number>;
}

export const secretOfProject = secretSigner('a-secret-that-only-the-project-knows');

export function authServer({ anonKey, serviceRoleKey }: Keys): AuthServer {
  const users = new Map<string, AuthUser>();
  const sessions = new Map<string, Session>();
  /** Every token that was signed here. */
  const made = new Set<string>();
  const fail = (status: number, error_code: string, msg: string): Answer => ({
    status,
    body: { code: status, error_code, msg },
  });
  const now = () => Math.floor(Date.now() / 1000);
  const isBanned = ({ banned_until }: AuthUser) => banned_until !== null && banned_until > now();
  const byEmail = (email: unknown) => [...users.values()].find((user) => user.email === email);

  function shown(user: AuthUser): object {
    const { id, email, app_metadata, user_metadata, banned_until } = user;
    return {
      ...{ id, email, app_metadata, user_metadata },
      aud: 'authenticated',
      role: 'authenticated',
      created_at: '2026-11-24T10:00:00Z',
      identities: [],
      ...(banned_until !== null && { banned_until: new Date(banned_until * 1000).toISOString() }),
    };
  }

  const server: AuthServer = {
    users,
    asked: [],
    signer: ellipticSigner('first'),
    lifeSeconds: 3600,
    reuseSeconds: 10,
    holderOf(token) {
      return made.has(token) ? (users.get(String(claimsOf(token)['sub'])) ?? null) : null;
    },
    signUp(email, password) {
      const user: AuthUser = {
        id: randomUUID(),
        email,
        password,
        app_metadata: { provider: 'email' },
        user_metadata: {},
        banned_until: null,
      };
      users.set(user.id, user);
      return user;
    },
    signedTokenOf(user, more = {}) {
      const token = server.signer.sign({
        iss: 'http://localhost/auth/v1',
        aud: 'authenticated',
        role: 'authenticated',
        sub: user.id,
        email: user.email,
        app_metadata: user.app_metadata,
        user_metadata: user.user_metadata,
        iat: now(),
        exp: now() + server.lifeSeconds,
        ...more,
      });
      made.add(token);
      return token;
    },
    answer(request, path, query, text) {
      server.asked.push(`${request.method} ${path}`);
      const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>;
      const bearer = (request.headers.authorization ?? '').replace(/^Bearer /, '');
      if (path === '/.well-known/jwks.json') {
        const { jwk } = server.signer;
        return { status: 200, body: { keys: jwk === null ? [] : [jwk] } };
      }
      const key = request.headers['apikey'];
      if (key !== anonKey && key !== serviceRoleKey) return fail(401, 'no_authorization', 'No API key');
      if (path.startsWith('/admin/')) {
        if (bearer !== serviceRoleKey) return fail(403, 'not_admin', 'User not allowed');
        return administer(request.method ?? '', path.slice('/admin/'.length), query, body);
      }
      if (path === '/token') return grant(query.get('grant_type'), body);
      const session = sessionOf(bearer);
      if (typeof session === 'string') return fail(403, session, session);
      const user = users.get(session.userId);
      if (user === undefined) return fail(403, 'user_not_found', 'User is gone');
      if (path === '/user' && request.method === 'GET')
        return isBanned(user)
          ? fail(403, 'user_banned', 'User is banned')
          : { status: 200, body: shown(user) };
      if (path === '/user' && request.method === 'PUT') {
        Object.assign(user.user_metadata, body['data']);
        return { status: 200, body: shown(user) };
      }
      if (path === '/logout') {
        for (const one of [...sessions.values()])
          if (query.get('scope') === 'local' ? one.id === session.id : one.userId === user.id)
            sessions.delete(one.id);
        return { status: 204 };
      }
      return fail(404, 'not_found', path);
    },
  };

  /** The living session of a token, or what is wrong with it. */
  function sessionOf(token: string): Session | string {
    if (token.split('.').length !== 3) return 'bad_jwt';
    if (!made.has(token)) return 'bad_jwt';
    const claims = claimsOf(token);
    if (Number(claims['exp']) <= now()) return 'bad_jwt';
    return sessions.get(String(claims['session_id'])) ?? 'session_not_found';
  }

  function issue(user: AuthUser, session: Session, refresh: string = randomUUID()): Answer {
    const access_token = server.signedTokenOf(user, { session_id: session.id });
    session.refresh = refresh;
    return {
      status: 200,
      body: {
        access_token,
        token_type: 'bearer',
        expires_in: server.lifeSeconds,
        expires_at: now() + server.lifeSeconds,
        refresh_token: session.refresh,
        user: shown(user),
      },
    };
  }

  function grant(type: string | null, body: Record<string, unknown>): Answer {
    if (type === 'password') {
      const user = byEmail(body['email']);
      if (user === undefined || user.password !== body['password'])
        return fail(400, 'invalid_credentials', 'Invalid login credentials');
      if (isBanned(user)) return fail(400, 'user_banned', 'User is banned');
      const session: Session = { id: randomUUID(), userId: user.id, refresh: '', used: new Map() };
      sessions.set(session.id, session);
      return issue(user, session);
    }
    if (type !== 'refresh_token') return fail(400, 'unsupported_grant_type', 'No such grant');
    const token = String(body['refresh_token']);
    const session = [...sessions.values()].find((one) => one.refresh === token || one.used.has(token));
    const user = session && users.get(session.userId);
    if (!session || !user) return fail(400, 'refresh_token_not_found', 'Invalid Refresh Token');
    if (isBanned(user)) return fail(400, 'user_banned', 'User is banned');
    const usedAt = session.used.get(token);
    if (usedAt !== undefined && now() - usedAt < server.reuseSeconds)
      return issue(user, session, session.refresh);
    if (usedAt !== undefined) {
      // A stolen token: whoever comes second ends it for both.
      sessions.delete(session.id);
      return fail(400, 'refresh_token_already_used', 'Invalid Refresh Token: Already Used');
    }
    session.used.set(token, now());
    return issue(user, session);
  }

  function administer(
    method: string,
    path: string,
    query: URLSearchParams,
    body: Record<string, unknown>,
  ): Answer {
    const [kind, id] = path.split('/');
    if (kind !== 'users') return fail(404, 'not_found', path);
    if (id === undefined && method === 'GET') {
      const size = Number(query.get('per_page') ?? 50);
      const from = (Number(query.get('page') ?? 1) - 1) * size;
      return {
        status: 200,
        body: { aud: 'authenticated', users: [...users.values()].slice(from, from + size).map(shown) },
      };
    }
    if (id === undefined) {
      if (byEmail(body['email']) !== undefined) return fail(422, 'email_exists', 'Already registered');
      if (String(body['password']).startsWith('weak')) return fail(422, 'weak_password', 'Too weak');
      const user = server.signUp(String(body['email']), String(body['password']));
      Object.assign(user.app_metadata, body['app_metadata']);
      return { status: 200, body: shown(user) };
    }
    const user = users.get(id);
    if (user === undefined) return fail(404, 'user_not_found', 'User not found');
    if (method === 'DELETE') users.delete(id);
    if (method === 'PUT') {
      if (typeof body['password'] === 'string') {
        user.password = body['password'];
        for (const one of [...sessions.values()]) if (one.userId === id) sessions.delete(one.id);
      }
      Object.assign(user.app_metadata, body['app_metadata']);
      const ban = body['ban_duration'];
      if (ban === 'none') user.banned_until = null;
      else if (typeof ban === 'string') user.banned_until = now() + Number.parseInt(ban, 10) * 3600;
    }
    return { status: 200, body: shown(user) };
  }

  return server;
}
