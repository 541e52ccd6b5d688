/** What was asked of the simulator: totals, and the last requests in bounded memory. No tokens. */

interface LoggedRequest {
  readonly number: number;
  /** Simulated instant, ISO. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
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
}

export interface RequestLog {
  add(request: Omit<LoggedRequest, 'number'>): void;
  countError(code: number): void;
  since(number: number): LoggedRequest[];
  readonly totals: RequestTotals;
}

const KEPT = 5_000;
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
  const totals: RequestTotals = {
    requests: 0,
    batches: 0,
    batch_items: 0,
    calls: 0,
    by_status: {},
    by_error_code: {},
  };
  return {
    totals,
    add(request) {
      totals.requests += 1;
      totals.batches += request.items > 0 ? 1 : 0;
      totals.batch_items += request.items;
      totals.calls += request.calls;
      totals.by_status[request.status] = (totals.by_status[request.status] ?? 0) + 1;
      kept.push({ number: totals.requests, ...request });
      if (kept.length > 2 * KEPT) kept = kept.slice(-KEPT);
    },
    countError(code) {
      totals.by_error_code[code] = (totals.by_error_code[code] ?? 0) + 1;
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
