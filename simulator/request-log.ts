/** What was asked of the simulator: totals, and the last requests in bounded memory. No tokens. */
import type { Bucket } from './graph/usage.ts';

type FaultKind = 'answer' | 'truncate' | 'half_open' | 'hang' | 'null_items' | 'item';

interface LoggedRequest {
  readonly number: number;
  /** Simulated instant, ISO. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  /** First digits of the token's SHA-256, or `none`. */
  readonly token: string;
  /** 0 = no answer was sent. */
  readonly status: number;
  /** What a scenario did to the answer; null = nothing. */
  readonly fault: FaultKind | null;
  /** Items of a batch; 0 for a single call. */
  readonly items: number;
  /** Calls as the limits count them. */
  readonly calls: number;
}

interface RequestTotals {
  requests: number;
  batches: number;
  batch_items: number;
  calls: number;
  by_status: Record<string, number>;
  /** Answers with an error, by its code; batch items included. */
  by_error_code: Record<string, number>;
  by_fault: Record<string, number>;
  /** By the mark of the request's token; items with a token of their own count here too. */
  by_token: Record<string, { requests: number; calls: number }>;
  /** Calls that named an account of the fleet, answered or refused, by its id. */
  by_account: Record<string, Record<Bucket, number>>;
  /** Calls by simulated minute, the ISO instant of its beginning; the last days of it. */
  by_minute: Record<string, number>;
}

export interface RequestLog {
  add(request: Omit<LoggedRequest, 'number'>): void;
  countError(code: number): void;
  countFault(kind: FaultKind): void;
  countAccount(accountId: string, bucket: Bucket): void;
  since(number: number): LoggedRequest[];
  totals(): RequestTotals;
  /** Starts the totals anew; the numbers of the requests go on. */
  reset(): void;
  /** Number of the last request, 0 before the first. */
  last(): number;
}

const KEPT = 5_000;
const KEPT_MINUTES = 10_000;
const KEPT_TOKENS = 1_000;
const SECRETS = [
  'access_token',
  'appsecret_proof',
  'input_token',
  'fb_exchange_token',
  'client_secret',
  'revoke_token',
];

export function createRequestLog(): RequestLog {
  let kept: LoggedRequest[] = [];
  let last = 0;
  let totals = noTotals();
  let minutes = new Map<string, number>();
  let accounts = new Map<string, Record<Bucket, number>>();
  return {
    last: () => last,
    totals: () => ({
      ...totals,
      by_account: Object.fromEntries(accounts),
      by_minute: Object.fromEntries(minutes),
    }),
    reset() {
      totals = noTotals();
      minutes = new Map();
      accounts = new Map();
    },
    add(request) {
      last += 1;
      totals.requests += 1;
      totals.batches += request.items > 0 ? 1 : 0;
      totals.batch_items += request.items;
      totals.calls += request.calls;
      increase(totals.by_status, request.status);
      if (request.fault !== null) increase(totals.by_fault, request.fault);
      countToken(totals.by_token, request.token, request.calls);
      const minute = `${request.at.slice(0, 16)}:00.000Z`;
      minutes.set(minute, (minutes.get(minute) ?? 0) + request.calls);
      forgetOldest(minutes, KEPT_MINUTES);
      kept.push({ number: last, ...request });
      if (kept.length > 2 * KEPT) kept = kept.slice(-KEPT);
    },
    countError: (code) => increase(totals.by_error_code, code),
    countFault: (kind) => increase(totals.by_fault, kind),
    countAccount(accountId, bucket) {
      const counted = accounts.get(accountId) ?? { ads_insights: 0, ads_management: 0 };
      counted[bucket] += 1;
      accounts.set(accountId, counted);
    },
    since: (number) => kept.filter((request) => request.number > number).slice(-KEPT),
  };
}

/** A path and query without anything secret. */
export function withoutSecrets(url: URL): string {
  const shown = new URLSearchParams(url.searchParams);
  for (const name of SECRETS) shown.delete(name);
  const query = shown.toString();
  return query ? `${url.pathname}?${query}` : url.pathname;
}

function noTotals(): RequestTotals {
  return {
    requests: 0,
    batches: 0,
    batch_items: 0,
    calls: 0,
    by_status: {},
    by_error_code: {},
    by_fault: {},
    by_token: {},
    by_account: {},
    by_minute: {},
  };
}

function increase(counts: Record<string, number>, key: string | number): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function countToken(counts: RequestTotals['by_token'], token: string, calls: number): void {
  const counted = counts[token];
  if (!counted && Object.keys(counts).length >= KEPT_TOKENS) return;
  counts[token] = { requests: (counted?.requests ?? 0) + 1, calls: (counted?.calls ?? 0) + calls };
}

/** A map keeps the order of first use, and simulated minutes mostly come in theirs. */
function forgetOldest(counts: Map<string, number>, most: number): void {
  if (counts.size <= most) return;
  const [oldest] = counts.keys();
  if (oldest !== undefined) counts.delete(oldest);
}
