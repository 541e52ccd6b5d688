// One request to a receiver, and what its end means where the receiver's own words do not say it.
import type { SendOutcome } from '../../ports/channel.ts';

/** Node's own `fetch`, or the guarded one. */
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/** What became of a message that was not taken, or of which nobody knows. */
export type Unsent = Exclude<SendOutcome, { outcome: 'sent' }>;

/** A receiver's answer, read as far as it matters. */
export interface Answer {
  status: number;
  headers: Headers;
  /** The beginning of the body; empty when it could not be read. */
  body: string;
}

export interface Call {
  url: URL;
  method?: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer>;
  /** So much of the answer's body is read, in characters; receivers that answer with a word need no more. */
  longestAnswer?: number;
}

const longestAnswer = 16_384;

/** Sends one request, following no redirect, and answers with the answer or with what its absence means. */
export async function exchange(send: Fetch, call: Call, signal: AbortSignal): Promise<Answer | Unsent> {
  let response: Response;
  try {
    response = await send(call.url, {
      method: call.method ?? 'POST',
      // A kept connection may be closed just as we write: a doubt that a fresh one does not raise.
      headers: { ...call.headers, connection: 'close' },
      body: call.body ?? null,
      redirect: 'manual',
      signal,
    });
  } catch (error) {
    return outcomeOfError(error, signal.aborted);
  }
  const body = await readBeginning(response, call.longestAnswer ?? longestAnswer);
  return { status: response.status, headers: response.headers, body };
}

/** A JSON request, with what every receiver of JSON wants to hear. */
export function jsonCall(url: URL, body: unknown, headers: Record<string, string> = {}): Call {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  return { url, headers: { ...type, ...headers }, body: JSON.stringify(body) };
}

/** The address of a method under a base address, which may have a path of its own. */
export function under(base: string, path: string): URL {
  return new URL(`${base.replace(/\/+$/, '')}/${path}`);
}

/** The body as JSON; undefined when it is none. */
export function jsonOf({ body }: Answer): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

/** What a status means when the words beside it are not known: never an end, least of all of a channel. */
export function outcomeOfStatus({ status, headers }: Pick<Answer, 'status' | 'headers'>): Unsent {
  if (status === 429) return pause('HTTP 429', parseRetryAfterMs(headers));
  // By then the receiver has the whole message; part of the work may be done when it fails.
  if (status >= 500) return { ...retry(`HTTP ${status}`, true), retryAfterMs: parseRetryAfterMs(headers) };
  if (status >= 200 && status < 300) return retry(`HTTP ${status} without a readable answer`, true);
  return retry(`HTTP ${status}`, false);
}

/** Failures that come before the first byte of the message: name look-up, connecting, TLS. */
const beforeSending =
  /^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|EPROTO|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|UNABLE_TO_\w+|\w*SELF_SIGNED\w*|ERR_INVALID_\w+)$/;

/** What `guarded-fetch.ts` throws for an address that may not be called. */
export const refusedAddress = 'ERR_ADDRESS_NOT_PUBLIC';

/** What a request without an answer means. The error's own text is not used: it can hold the address. */
function outcomeOfError(error: unknown, isTimedOut: boolean): Unsent {
  const code = codeOf(error);
  // Waiting does not make it public, so that others hear of the alert at once; the next message asks again.
  if (code === refusedAddress) return dead('the address is not public', false);
  if (isTimedOut) return retry('no answer in time', true);
  const isUnsent = code !== null && beforeSending.test(code);
  return retry(`${isUnsent ? 'no connection' : 'connection broken'} (${code ?? 'unknown'})`, !isUnsent);
}

const defaultPauseMs = 30_000;

/** Try this message again later. */
export function retry(reason: string, mayHaveArrived: boolean): Unsent & { outcome: 'retry' } {
  return { outcome: 'retry', reason, retryAfterMs: null, pausesChannel: false, mayHaveArrived };
}

/** Nothing was taken, and the whole channel waits. */
export function pause(reason: string, retryAfterMs: number | null): Unsent & { outcome: 'retry' } {
  return { ...retry(reason, false), retryAfterMs: retryAfterMs ?? defaultPauseMs, pausesChannel: true };
}

/** Give this message up; with `disablesChannel` the channel too. */
export function dead(reason: string, disablesChannel: boolean): Unsent & { outcome: 'dead' } {
  return { outcome: 'dead', reason, disablesChannel };
}

/**
 * How long an answer asks to wait, in milliseconds. A date is measured against the answer's own: our clock
 * does not matter.
 */
function parseRetryAfterMs(headers: Headers): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  if (!/^[A-Z][a-z]{2}, .* GMT$/.test(text)) return null;
  const waitMs = Date.parse(text) - Date.parse(headers.get('date') ?? '');
  return Number.isNaN(waitMs) ? null : Math.max(0, waitMs);
}

function codeOf(error: unknown): string | null {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? systemWord(cause.code) : null;
}

/** The system's word for a failure, like ECONNREFUSED; null for all else, which may quote what was sent. */
export function systemWord(code: unknown): string | null {
  return typeof code === 'string' && /^[A-Z0-9_]{3,60}$/.test(code) ? code : null;
}

/** Some `longest` characters; what cannot be read any more is left out: the status has been told. */
async function readBeginning(response: Response, longest: number): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    while (text.length < longest) {
      const part = await reader.read();
      if (part.done) return text;
      text += decoder.decode(part.value, { stream: true });
    }
    await reader.cancel();
  } catch {
    return text;
  }
  return text;
}
