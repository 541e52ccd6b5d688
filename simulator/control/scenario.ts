/** The scenarios: what can be made to happen to the world, and what each means for an account. */
import type { Intervention } from '../world/intervention.ts';
import { Status } from '../world/status.ts';

export const SCENARIO_KINDS = [
  'suspend_one',
  'ban_wave',
  'cut_limit',
  'limit_unreadable',
  'throttling',
  'usage',
  'outage',
  'faults',
  'dead_token',
  'access_lost',
  'grant',
  'close_account',
  'set_status',
  'reset_amount_spent',
  'delay',
  'back_to_normal',
] as const;
export type ScenarioKind = (typeof SCENARIO_KINDS)[number];

export const OUTAGE_MODES = [
  'mix',
  'code2',
  'empty503',
  'html502',
  'truncated',
  'hang',
  'null_items',
] as const;
export type OutageMode = (typeof OUTAGE_MODES)[number];

/** One thing that was done to the world; kept for good, because the past must stay as it was. */
export interface ScenarioEntry {
  readonly id: number;
  readonly kind: ScenarioKind;
  /** ISO instants; `ended_at` null = still going on. */
  readonly at: string;
  readonly ended_at: string | null;
  readonly account_ids: readonly string[];
  readonly account_status?: number;
  readonly disable_reason?: number;
  /** cut_limit: multiplies the daily limit and the spend cap. */
  readonly factor?: number;
  /** limit_unreadable. */
  readonly answer?: 'absent' | 'rejected';
  /** close_account: milliseconds from pending closure to closed. */
  readonly close_after_ms?: number;
  /** throttling and access_lost: the error code to answer with. */
  readonly code?: number;
  /** throttling and usage: what it is about; `app_insights` is told in the insights header. */
  readonly scope?: 'account' | 'app' | 'app_insights';
  /** throttling and usage: minutes until access is regained, as told in the usage headers. */
  readonly regain_minutes?: number;
  /** usage: what the headers say, in percent; above 100 is possible. */
  readonly percent?: number;
  /** usage: the bucket of an account that is meant; absent = all of them and the account's score. */
  readonly bucket?: 'ads_insights' | 'ads_management';
  /** outage. */
  readonly mode?: OutageMode;
  /** outage: share (0..1) of calls that fail. */
  readonly rate?: number;
  /** faults: shares (0..1) of requests, each drawn on its own; a request has one fault at most. */
  readonly error_rate?: number;
  readonly timeout_rate?: number;
  readonly half_open_rate?: number;
  /** faults: share (0..1) of batch items that fail by themselves. */
  readonly item_error_rate?: number;
  /** faults: what the draws depend on besides the request's number; absent = the world's seed. */
  readonly seed?: number;
  /** dead_token and throttling: the subcode of the error; 0 = none. */
  readonly subcode?: number;
  /** Whose calls are meant: SHA-256 of the token, so that the state file holds no token; absent = every token. */
  readonly token_hash?: string;
  /** delay: milliseconds before each answer. */
  readonly ms?: number;
}

/** What one entry does to each of its accounts. */
export function interventionsOf(entry: ScenarioEntry): Intervention[] {
  const fromMs = Date.parse(entry.at);
  const toMs = entry.ended_at === null ? Infinity : Date.parse(entry.ended_at);
  const span = { fromMs, toMs };
  const disableReason = entry.disable_reason ?? 0;
  switch (entry.kind) {
    case 'suspend_one':
    case 'ban_wave':
      return [{ ...span, status: Status.disabled, disableReason: entry.disable_reason ?? 1 }];
    case 'set_status':
      return [{ ...span, status: entry.account_status ?? Status.active, disableReason }];
    case 'cut_limit':
      return [{ ...span, limitFactor: entry.factor ?? 0.5 }];
    case 'limit_unreadable':
      return [{ ...span, limitAnswer: entry.answer ?? 'rejected' }];
    case 'reset_amount_spent':
      return [{ fromMs, toMs: fromMs, resetsAmountSpent: true }];
    case 'close_account': {
      const closedMs = Math.min(toMs, fromMs + (entry.close_after_ms ?? 10 * 60_000));
      const pending = { fromMs, toMs: closedMs, status: Status.pendingClosure, disableReason };
      return closedMs < toMs
        ? [pending, { fromMs: closedMs, toMs, status: Status.closed, disableReason }]
        : [pending];
    }
    default:
      return [];
  }
}
