import { createHmac } from 'node:crypto';
import { admitRequest, closedBreaker, settleRequest, type Breaker } from '../../domain/breaker.ts';
import type { Turn } from '../../ports/account-source.ts';
import { failure, parseFailure, type MetaFailure } from './failures.ts';
import { RefusedFields } from './fields.ts';
import type { About, Governor } from './governor.ts';
import { highestOf, readUsage, type Headers, type UsageMeters } from './usage.ts';

/** How to reach the Graph API with one token. */
export interface MetaSettings {
  /** `https://graph.facebook.com`, or another server that speaks the same. */
  baseUrl: string;
  version: string;
  token: string;
  /** Set when the app requires `appsecret_proof`. */
  appSecret: string | null;
  /** Longest wait for one answer, connection included; milliseconds. */
  requestTimeoutMs: number;
  /** The last fuse: more requests than this in one minute are not sent. */
  requestsPerMinute: number;
}

/** An answer of Graph: its parsed body, or why there is none. */
export type Answer =
  | { ok: true; body: unknown }
  /** `isWhole`: the whole batch failed, so that nothing was said about this item. */
  | { ok: false; failure: MetaFailure; isWhole?: true };

/** One read inside a batch: the path below the version, parameters apart. */
export interface BatchItem {
  path: string;
  params: Record<string, string>;
  /** Whose limits the read falls under. */
  about?: About;
}

/** The two ways to ask Graph. Neither ever throws for what the world does, and neither puts the token into an address. */
export interface MetaClient {
  get(path: string, params: Record<string, string>, turn: Turn): Promise<Answer>;
  /** At most 50 items; one answer per item, in order. A failure of the whole batch is every item's, and says so. */
  batch(items: readonly BatchItem[], turn: Turn): Promise<Answer[]>;
}

export const largestBatch = 50;
const largestBodyBytes = 32 * 1024 * 1024;
const minuteMs = 60_000;

/** A client on the runtime's own `fetch`. `elapsed` is a monotonic clock in milliseconds. */
export function metaClient(
  settings: MetaSettings,
  meters: UsageMeters,
  governor: Governor,
  elapsed: () => number,
): MetaClient {
  const { token, version } = settings;
  const root = `${settings.baseUrl.replace(/\/+$/, '')}/${version}/`;
  const proof: Record<string, string> =
    settings.appSecret === null
      ? {}
      : { appsecret_proof: createHmac('sha256', settings.appSecret).update(token).digest('hex') };
  // Meta's words may quote what it was sent, in errors, headers and addresses of further pages.
  const secrets = new Set([token, encodeURIComponent(token), ...Object.values(proof)]);
  const clean = (words: string): string =>
    [...secrets].reduce((text, secret) => text.replaceAll(secret, '[token]'), words);
  const fuse = { minute: 0, requests: 0 };
  const refusedFields = new RefusedFields();
  let breaker: Breaker = closedBreaker;

  /** Takes in what an answer's headers tell, and what follows from its failure for the limits. */
  function hear(headers: Headers, found: MetaFailure | null, about: About | null, turn: Turn): void {
    const report = readUsage(headers);
    if (report !== null) governor.hear(report, about, turn.now());
    if (found !== null) governor.throttled(found, about, turn.now(), report);
    meters
      .of(turn)
      .answer(report === null ? null : highestOf(report), headers.get('x-ad-api-version-warning'));
  }

  async function ask(url: string, init: RequestInit, countedCalls: number, turn: Turn): Promise<Answer> {
    const minute = Math.floor(turn.now() / minuteMs);
    if (fuse.minute !== minute) Object.assign(fuse, { minute, requests: 0 });
    if (fuse.requests >= settings.requestsPerMinute)
      return refused('ceiling', `the ceiling of ${settings.requestsPerMinute} requests a minute is reached`);
    const admission = admitRequest(breaker, turn.now());
    if (!admission.isAdmitted) return refused('retry', 'the connection rests after many failures in a row');
    breaker = admission.breaker;
    fuse.requests += 1;
    const answer = await send(url, init, countedCalls, turn);
    // What the cycle's own end cut off says nothing about Meta.
    if (!turn.signal.aborted)
      breaker = settleRequest(breaker, !answer.ok && answer.failure.remedy === 'retry', turn.now());
    else breaker = { ...breaker, isProbing: false };
    return answer;
  }

  async function send(url: string, init: RequestInit, countedCalls: number, turn: Turn): Promise<Answer> {
    const startedAt = elapsed();
    const limit = AbortSignal.timeout(settings.requestTimeoutMs);
    try {
      const response = await fetch(url, {
        ...init,
        redirect: 'error',
        signal: AbortSignal.any([turn.signal, limit]),
      });
      const headers: Headers = new Map(
        [...response.headers].map(([name, value]): [string, string] => [name, clean(value)]),
      );
      const text = await readText(response);
      if (text === null) return refused('request', 'answer larger than 32 MB');
      const body = parseJson(clean(text));
      const broken = parseFailure(response.status, body);
      hear(headers, broken, null, turn);
      if (broken !== null) return { ok: false, failure: broken };
      if (body === undefined) return refused('retry', 'answer is not JSON');
      return { ok: true, body };
    } catch (error) {
      const detail = limit.aborted
        ? `no answer within ${settings.requestTimeoutMs} ms`
        : turn.signal.aborted
          ? 'the cycle ran out of time'
          : `connection failed${codeOf(error)}`;
      return refused('retry', detail);
    } finally {
      meters.of(turn).request(countedCalls, elapsed() - startedAt);
    }
  }

  function readItem(item: unknown, about: About | null, turn: Turn): Answer {
    if (typeof item !== 'object' || item === null || !('code' in item) || !('body' in item))
      return refused('shrink', 'not executed in time');
    const status = typeof item.code === 'number' ? item.code : 0;
    const body = typeof item.body === 'string' ? parseJson(item.body) : undefined;
    const broken = parseFailure(status, body);
    hear(readHeaders('headers' in item ? item.headers : null), broken, about, turn);
    if (broken !== null) return { ok: false, failure: broken };
    return body === undefined ? refused('retry', 'item is not JSON') : { ok: true, body };
  }

  const learned = (answer: Answer, params: Record<string, string>, turn: Turn): Answer =>
    answer.ok ? answer : { ...answer, failure: refusedFields.learn(answer.failure, params, turn.now()) };

  return {
    async get(path, wanted, turn) {
      const params = refusedFields.leaveOut(wanted, turn.now());
      const answer = await ask(
        `${root}${path}?${new URLSearchParams({ ...params, ...proof }).toString()}`,
        { headers: { authorization: `Bearer ${token}` } },
        1,
        turn,
      );
      return learned(answer, params, turn);
    },

    async batch(wanted, turn) {
      const items = wanted.map((item) => ({
        ...item,
        params: refusedFields.leaveOut(item.params, turn.now()),
      }));
      const batch = items.map(({ path, params }) => ({
        method: 'GET',
        relative_url: `${version}/${path}?${new URLSearchParams(params).toString()}`,
      }));
      const form = new URLSearchParams({
        access_token: token,
        include_headers: 'true',
        batch: JSON.stringify(batch),
        ...proof,
      });
      const answer = await ask(root, { method: 'POST', body: form }, items.length, turn);
      const failed = (failure: MetaFailure) =>
        items.map(() => ({ ok: false, failure, isWhole: true }) as const);
      if (!answer.ok) return failed(answer.failure);
      if (!Array.isArray(answer.body) || answer.body.length !== items.length)
        return failed(failure('retry', 'batch answer has another length'));
      const answers = answer.body.map((item: unknown, n) => readItem(item, items[n]?.about ?? null, turn));
      return ordered(answers, items).map((each, n) => learned(each, items[n]?.params ?? {}, turn));
    },
  };
}

function refused(remedy: 'retry' | 'shrink' | 'request' | 'ceiling', detail: string): Answer {
  return { ok: false, failure: failure(remedy, detail, remedy === 'request' ? 'shape' : undefined) };
}

/**
 * Answers are told apart by their order alone. Where one names another account than was asked for, the order cannot be relied
 * upon: what names no account, a count or an empty list or an error, may be anybody's and is asked again.
 */
function ordered(answers: Answer[], items: readonly BatchItem[]): Answer[] {
  const named = answers.map((answer) => (answer.ok ? accountNamedIn(answer.body) : null));
  const isMixed = named.some((name, n) => name !== null && name !== (items[n]?.about?.accountId ?? name));
  return isMixed
    ? answers.map((answer, n) => (named[n] === null ? refused('retry', 'the batch is out of order') : answer))
    : answers;
}

function accountNamedIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  if ('id' in body && typeof body.id === 'string') return body.id;
  const row: unknown = 'data' in body && Array.isArray(body.data) ? body.data[0] : null;
  return typeof row === 'object' && row !== null && 'account_id' in row && typeof row.account_id === 'string'
    ? `act_${row.account_id}`
    : null;
}

function readHeaders(list: unknown): Headers {
  const headers = new Map<string, string>();
  if (!Array.isArray(list)) return headers;
  for (const entry of list as unknown[])
    if (typeof entry === 'object' && entry !== null && 'name' in entry && 'value' in entry)
      if (typeof entry.name === 'string' && typeof entry.value === 'string')
        headers.set(entry.name.toLowerCase(), entry.value);
  return headers;
}

async function readText(response: Response): Promise<string | null> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > largestBodyBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string'
    ? `: ${cause.code}`
    : '';
}
