import 'server-only';
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import type { z } from 'zod';
import type { ApiError } from '../contract/api-error.ts';
import type { Action, Actor } from '../domain/permissions.ts';
import { actorOfBearer, actorOfCookie, actorOfCookies, isBearerOf } from '../services/members/find-actor.ts';
import { isFromOwnPage } from '../services/members/own-origin.ts';
import { methodHeader } from './method-header.ts';
import { mustBeAllowed } from '../services/refusal.ts';
import { type Deps, house } from './house.ts';
import { publicRoutes, type PublicRoute, routeTable } from './route-table.ts';

/** What a route's own code is handed once the guard has let the caller through. */
export interface Call<Params = Record<string, string>> {
  request: Request;
  deps: Deps;
  params: Params;
  /** Names the request in the log and in an error's answer. */
  requestId: string;
}

export type Handler<Params> = (request: Request, context: { params: Promise<Params> }) => Promise<Response>;

/** An answer other than success. Told by its property, because Next may bundle this class twice. */
export class Answer extends Error {
  constructor(
    readonly answerStatus: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** A route for callers whose role allows the action: a session's cookie, or an API key. */
export function guarded<Params = Record<string, string>>(
  action: Action,
  handle: (call: Call<Params> & { actor: Actor }) => Promise<Response> | Response,
): Handler<Params> {
  return answering(async (call) => {
    const actor = await findCaller(call.request, call.deps);
    if (actor === null) throw new Answer(401, 'unauthorized', 'Sign in, or send an API key as bearer token.');
    mustBeAllowed(actor, action);
    return handle({ ...call, actor });
  });
}

/** A route that answers anyone; only those that the table of routes names can be. */
export function publicRoute<Params = Record<string, string>>(
  name: PublicRoute,
  handle: (call: Call<Params>) => Promise<Response> | Response,
): Handler<Params> {
  if (routeTable[publicRoutes[name]]?.GET !== 'public') throw new Error(`${name} is no public route`);
  return answering(async (call) => handle(call));
}

/** A route for schedulers, by the cron secret alone. A scheduler takes a redirect for success, so there is never one. */
export function cronRoute<Params = Record<string, string>>(
  handle: (call: Call<Params>) => Promise<Response> | Response,
): Handler<Params> {
  return answering(async (call) => {
    const { cronSecret } = call.deps.config;
    if (cronSecret === null) throw new Answer(503, 'not_configured', 'CRON_SECRET is not set.');
    if (!isBearerOf(call.deps.signIn, call.request.headers.get('authorization'), cronSecret)) {
      throw new Answer(401, 'unauthorized', 'The bearer token is not the cron secret.');
    }
    return handle(call);
  });
}

/** The query of a request by its schema; a wrong one is answered with 400 and the reasons. */
export function parseQuery<Schema extends z.ZodType>(schema: Schema, request: Request): z.output<Schema> {
  const parsed = schema.safeParse(Object.fromEntries(new URL(request.url).searchParams));
  if (parsed.success) return parsed.data;
  const reasons = parsed.error.issues.map(({ path, message }) => {
    const name = path.join('.');
    return message.includes(name) ? message : `${name}: ${message}`;
  });
  throw new Answer(400, 'bad_input', reasons.join('; '));
}

/** To be thrown by a route that has nothing under this address. */
export function notFound(message: string): Error {
  return new Answer(404, 'not_found', message);
}

/** Who looks at this page, with the role he has at this moment; null when nobody is signed in. */
export const currentActor = cache(async (): Promise<Actor | null> => {
  // An action is a POST to its page; without our proxy's word it counts as one.
  const isRead = safeMethods.includes((await headers()).get(methodHeader) ?? 'POST');
  return actorOfCookies(await house(), await cookies(), isRead ? 'read' : 'write');
});

/** The token of the session that asks; empty without one. */
export async function ownToken(): Promise<string> {
  const { signIn } = await house();
  return (await signIn.sessionOf(await cookies(), 'read')) ?? '';
}

/** Who looks at this page or calls this action; sends him to sign in, or throws `Refused` when his role does not allow it. */
export async function requireActor(action: Action): Promise<Actor> {
  const actor = await currentActor();
  if (actor === null) redirect('/login');
  if (actor.isHeld === true && action !== 'self:change') redirect('/enrol');
  mustBeAllowed(actor, action);
  return actor;
}

/** First step of every server action: it is a public POST address, and only our own pages may post to it. */
export async function requireOwnPage(): Promise<void> {
  const { config, log } = await house();
  if (isFromOwnPage(await headers(), config.appUrl)) return;
  log.warn('refused', { code: 'cross_origin' });
  throw new Answer(403, 'cross_origin', foreignPage);
}

const foreignPage =
  'This must come from a page of ArbHub itself. APP_URL must be the address in the browser.';
const safeMethods = ['GET', 'HEAD', 'OPTIONS'];

async function findCaller(request: Request, deps: Deps): Promise<Actor | null> {
  const authorization = request.headers.get('authorization');
  // A wrong key is never made good by a cookie.
  if (authorization !== null) return actorOfBearer(deps, authorization);
  const isRead = safeMethods.includes(request.method);
  if (!isRead && !isFromOwnPage(request.headers, deps.config.appUrl)) {
    throw new Answer(403, 'cross_origin', foreignPage);
  }
  return actorOfCookie(deps, request.headers.get('cookie'), isRead ? 'read' : 'write');
}

/** A route whose errors become answers; who may call it is left to `work`. */
export function answering<Params>(work: (call: Call<Params>) => Promise<Response>): Handler<Params> {
  return async (request, context) => {
    const requestId = crypto.randomUUID();
    const deps = await house();
    const params = await context.params;
    const response = await work({ request, deps, params, requestId }).catch((error: unknown) =>
      answerOf(error, request, deps, requestId),
    );
    const sealed = new Response(response.body, response);
    sealed.headers.set('cache-control', 'no-store');
    return sealed;
  };
}

function answerOf(error: unknown, request: Request, deps: Deps, requestId: string): Response {
  const { status, code, message } = describe(error);
  // Without the query: it may hold what no log should.
  const { pathname } = new URL(request.url);
  if (status === 500) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    deps.log.error('request failed', { requestId, pathname, error: reason });
  } else if (status === 401 || status === 403) {
    deps.log.warn('refused', { requestId, pathname, code });
  }
  const body: ApiError = { error: { code, message, requestId } };
  const challenge: HeadersInit = status === 401 ? { 'www-authenticate': 'Bearer' } : {};
  return Response.json(body, { status, headers: challenge });
}

function describe(error: unknown): { status: number; code: string; message: string } {
  if (error instanceof Error && 'answerStatus' in error) {
    const { answerStatus: status, code, message } = error as Answer;
    return { status, code, message };
  }
  if (error instanceof Error && 'refusal' in error && error.refusal === 'forbidden') {
    return { status: 403, code: 'forbidden', message: 'Your role does not allow this.' };
  }
  return {
    status: 500,
    code: 'internal',
    message: 'Something went wrong. The request id names it in the log.',
  };
}
