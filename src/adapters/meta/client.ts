import { createHmac } from 'node:crypto';
import { failure, parseFailure, type MetaFailure } from './failures.ts';
import type { Headers, UsageMeter } from './usage.ts';

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
}

/** An answer of Graph: its parsed body, or why there is none. */
export type Answer = { ok: true; body: unknown; headers: Headers } | { ok: false; failure: MetaFailure };

/** One read inside a batch: the path below the version, parameters apart. */
export interface BatchItem {
  path: string;
  params: Record<string, string>;
}

/** The two ways to ask Graph. Neither ever throws for what the world does, and neither puts the token into an address. */
export interface MetaClient {
  get(path: string, params: Record<string, string>, signal: AbortSignal): Promise<Answer>;
  /** At most 50 items; one answer per item, in order. A failure of the whole batch is every item's. */
  batch(items: readonly BatchItem[], signal: AbortSignal): Promise<Answer[]>;
}

export const largestBatch = 50;
const largestBodyBytes = 32 * 1024 * 1024;

/** A client on the runtime's own `fetch`. `elapsed` is a monotonic clock in milliseconds. */
export function metaClient(settings: MetaSettings, meter: UsageMeter, elapsed: () => number): MetaClient {
  const { token, version } = settings;
  const root = `${settings.baseUrl.replace(/\/+$/, '')}/${version}/`;
  const proof: Record<string, string> =
    settings.appSecret === null
      ? {}
      : { appsecret_proof: createHmac('sha256', settings.appSecret).update(token).digest('hex') };

  async function ask(
    url: string,
    init: RequestInit,
    countedCalls: number,
    signal: AbortSignal,
  ): Promise<Answer> {
    const startedAt = elapsed();
    const limit = AbortSignal.timeout(settings.requestTimeoutMs);
    try {
      const response = await fetch(url, {
        ...init,
        redirect: 'error',
        signal: AbortSignal.any([signal, limit]),
      });
      const headers: Headers = new Map(response.headers.entries());
      meter.headers(headers);
      const text = await readText(response);
      if (text === null)
        return { ok: false, failure: failure('request', 'answer larger than 32 MB', 'shape') };
      const body = parseJson(text);
      const broken = parseFailure(response.status, body);
      if (broken !== null) return { ok: false, failure: broken };
      if (body === undefined) return { ok: false, failure: failure('retry', 'answer is not JSON') };
      return { ok: true, body, headers };
    } catch (error) {
      const detail = limit.aborted
        ? `no answer within ${settings.requestTimeoutMs} ms`
        : signal.aborted
          ? 'the cycle ran out of time'
          : `connection failed${codeOf(error)}`;
      return { ok: false, failure: failure('retry', detail) };
    } finally {
      meter.request(countedCalls, elapsed() - startedAt);
    }
  }

  return {
    get: (path, params, signal) =>
      ask(
        `${root}${path}?${new URLSearchParams({ ...params, ...proof }).toString()}`,
        { headers: { authorization: `Bearer ${token}` } },
        1,
        signal,
      ),

    async batch(items, signal) {
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
      const answer = await ask(root, { method: 'POST', body: form }, items.length, signal);
      if (!answer.ok) return items.map(() => answer);
      if (!Array.isArray(answer.body) || answer.body.length !== items.length) {
        const broken: Answer = { ok: false, failure: failure('retry', 'batch answer has another length') };
        return items.map(() => broken);
      }
      return answer.body.map((item: unknown) => parseItem(item, meter));
    },
  };
}

function parseItem(item: unknown, meter: UsageMeter): Answer {
  if (typeof item !== 'object' || item === null || !('code' in item) || !('body' in item))
    return { ok: false, failure: failure('shrink', 'not executed in time') };
  const headers = 'headers' in item ? parseHeaders(item.headers) : new Map<string, string>();
  meter.headers(headers);
  const status = typeof item.code === 'number' ? item.code : 0;
  const body = typeof item.body === 'string' ? parseJson(item.body) : undefined;
  const broken = parseFailure(status, body);
  if (broken !== null) return { ok: false, failure: broken };
  if (body === undefined) return { ok: false, failure: failure('retry', 'item is not JSON') };
  return { ok: true, body, headers };
}

function parseHeaders(list: unknown): Headers {
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
