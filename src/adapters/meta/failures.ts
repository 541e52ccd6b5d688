import { z } from 'zod';
import type { Failure, FailureKind } from '../../domain/observation.ts';

/** What the client does about an error, finer than what the house is told. Classes: Marketing API, error handling. */
export type Remedy =
  | 'retry'
  | 'shrink'
  | 'throttle_account'
  | 'throttle_insights'
  | 'throttle_app'
  | 'throttle_token'
  | 'token'
  | 'access'
  | 'request'
  | 'config'
  | 'blocked'
  /** Not sent: Meta's limits ask for a rest. */
  | 'held'
  /** Not sent: our own ceiling of requests is reached. */
  | 'ceiling'
  | 'unknown';

/** A failure with its remedy; the remedy stays inside this adapter. */
export interface MetaFailure extends Failure {
  remedy: Remedy;
}

const kinds: Readonly<Record<Remedy, FailureKind>> = {
  retry: 'transient',
  shrink: 'transient',
  unknown: 'transient',
  throttle_account: 'rate',
  throttle_insights: 'rate',
  throttle_app: 'rate',
  throttle_token: 'rate',
  token: 'token',
  access: 'permission',
  request: 'request',
  config: 'config',
  blocked: 'policy',
  held: 'rate',
  ceiling: 'ceiling',
};

const number = z.coerce.number().int();
const errorBody = z.object({
  error: z.object({
    message: z.string().catch('no message'),
    code: number,
    error_subcode: number.optional().catch(undefined),
    is_transient: z.boolean().optional().catch(undefined),
    fbtrace_id: z.string().optional().catch(undefined),
  }),
});

const minuteMs = 60_000;

/** The failure that an answer stands for, or null when it is none. A 200 can hold an error too. */
export function parseFailure(httpStatus: number, body: unknown): MetaFailure | null {
  const parsed = errorBody.safeParse(body);
  if (parsed.success) {
    const { message, code, error_subcode: subcode, is_transient, fbtrace_id } = parsed.data.error;
    const remedy = is_transient === true ? 'retry' : remedyOf(code, subcode ?? null, message);
    return {
      remedy,
      kind: kinds[remedy],
      // Meta often names the code itself; once is enough.
      detail: `(#${code}${subcode === undefined ? '' : `/${subcode}`}) ${scrub(message.replace(`(#${code}) `, ''))}`,
      code,
      subcode: subcode ?? null,
      traceId: fbtrace_id ?? null,
      pauseMs: pauseOf(remedy, code, subcode ?? null),
    };
  }
  if (httpStatus >= 200 && httpStatus < 300 && !hasError(body)) return null;
  const passes = httpStatus >= 500 || httpStatus === 408 || httpStatus === 429 || httpStatus === 200;
  return failure(passes ? 'retry' : 'unknown', `HTTP ${httpStatus} without a readable error`);
}

/** A failure that no answer of Meta's told: a broken line, a time-out, an unreadable body. */
export function failure(remedy: Remedy, detail: string, kind: FailureKind = kinds[remedy]): MetaFailure {
  return { remedy, kind, detail: scrub(detail), code: null, subcode: null, traceId: null, pauseMs: null };
}

/** An answer that cannot be believed. Not repeated: the next cycle asks anew. */
export function shapeFailure(detail: string): MetaFailure {
  return failure('request', detail, 'shape');
}

function hasError(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'error' in body;
}

const longestDetail = 300;

/**
 * Takes out whatever looks like a token, which Meta's messages sometimes quote, and what the database cannot hold. Cut between
 * words: whoever cleans it further would not know half a token for one.
 */
function scrub(text: string): string {
  const clean = text
    .replaceAll('\0', '')
    .replace(/EAA[A-Za-z0-9]+/g, '[token]')
    .replace(/access_token=[^&\s]+/g, 'access_token=[token]');
  return clean.length <= longestDetail ? clean : `${clean.slice(0, longestDetail).replace(/\S+$/, '')}…`;
}

const fixed: Readonly<Record<number, Remedy>> = {
  2: 'retry',
  3: 'config',
  10: 'access',
  32: 'throttle_token',
  102: 'token',
  104: 'config',
  190: 'token',
  270: 'config',
  272: 'access',
  273: 'config',
  274: 'access',
  275: 'request',
  278: 'token',
  294: 'config',
  341: 'throttle_app',
  368: 'blocked',
  803: 'access',
  960: 'shrink',
  2500: 'request',
  2635: 'config',
  3018: 'request',
  80000: 'throttle_account',
  80003: 'throttle_account',
  80004: 'throttle_account',
  80014: 'throttle_account',
  1404163: 'access',
  3910001: 'retry',
};

function remedyOf(code: number, subcode: number | null, message: string): Remedy {
  if (subcode === 99 || code < 0) return 'retry';
  if (code === 1) return /reduce the amount of data/i.test(message) ? 'shrink' : 'retry';
  if (code === 4) return subcode === 1504022 || subcode === 1504039 ? 'throttle_insights' : 'throttle_app';
  if (code === 17)
    return subcode === 2446079 ? 'throttle_account' : subcode === 1885172 ? 'request' : 'throttle_token';
  if (code === 100) return remedyOf100(subcode, message);
  if (code === 613) return subcode === 1996 ? 'throttle_app' : 'throttle_account';
  const known = fixed[code];
  if (known !== undefined) return known;
  if (code >= 200 && code <= 299) return 'access';
  if (code >= 80001 && code <= 80009) return 'throttle_token';
  return 'unknown';
}

// Code 100 stands for many things; only its text tells these apart.
function remedyOf100(subcode: number | null, message: string): Remedy {
  if (subcode === 33) return 'access';
  if (subcode === 1487534) return 'shrink';
  if (/Missing permissions/i.test(message)) return 'access';
  if (/appsecret_proof/i.test(message)) return 'config';
  return 'request';
}

function pauseOf(remedy: Remedy, code: number, subcode: number | null): number | null {
  if (remedy === 'blocked') return 60 * minuteMs;
  if (remedy === 'throttle_app' || remedy === 'throttle_insights')
    return (subcode === 1996 ? 60 : 5) * minuteMs;
  if (remedy === 'throttle_token') return 5 * minuteMs;
  if (remedy !== 'throttle_account') return null;
  if (code === 613 && subcode === null) return 60 * minuteMs;
  return (code === 17 || code === 613 ? 5 : 10) * minuteMs;
}
