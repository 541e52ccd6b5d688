import type { AccountId } from '../domain/account.ts';
import type {
  AdsReading,
  DayReading,
  Failure,
  LimitReading,
  Result,
  StatusReading,
} from '../domain/observation.ts';

/** How the calls of one cycle went with Meta, for the cycle's report and for the limits. */
export interface SourceUsage {
  /** HTTP requests sent. */
  requests: number;
  /** Calls as Meta counts them: every item of a batch is one. */
  countedCalls: number;
  meanMs: number | null;
  p95Ms: number | null;
  /** Highest usage percentage that any header told, 100 = the limit. */
  highestUsagePercent: number | null;
  /** Meta's warning that the API version is about to go, word for word. */
  versionWarning: string | null;
}

/** One page of the status sweep. A row that cannot be believed is a failure under its account. */
export interface StatusPage {
  readings: StatusReading[];
  failures: { accountId: AccountId; failure: Failure }[];
}

/** What to read of one account besides today's insights. */
export interface MetricsRequest {
  accountId: AccountId;
  currency: string;
  timezone: string;
  wants: { today: boolean; ads: boolean; limit: boolean; history: boolean };
}

/** Everything that one metrics read brought for one account; null = not asked for. */
export interface MetricsReading {
  accountId: AccountId;
  today: Result<DayReading> | null;
  ads: Result<AdsReading> | null;
  limit: Result<LimitReading> | null;
  /** Closed days and today, oldest first; days without delivery are missing. */
  history: Result<DayReading[]> | null;
}

/** When and how an account's status changed, as Meta's activity log tells. */
export interface StatusStory {
  /** Instant of the newest status change in the log; null when the log has none. */
  occurredAt: number | null;
  /** All clicks of the account's life; null when not told. */
  lifetimeClicks: number | null;
}

/** One way into Meta: what a connection can be asked. Every call ends by `signal` at the latest. */
export interface AccountSource {
  /** Reads every reachable account page by page. Throws nothing: a failure of the whole list ends it with `failure`. */
  listStatuses(signal: AbortSignal): AsyncGenerator<StatusPage, Failure | null>;
  /** Reads single accounts, for those that the lists no longer show. */
  readStatuses(accountIds: AccountId[], signal: AbortSignal): AsyncGenerator<StatusPage, Failure | null>;
  /** Reads figures in batches; yields one array per batch as it arrives. */
  readMetrics(
    requests: MetricsRequest[],
    at: number,
    signal: AbortSignal,
  ): AsyncGenerator<MetricsReading[], Failure | null>;
  readStory(accountId: AccountId, since: number, signal: AbortSignal): Promise<Result<StatusStory>>;
  /** Asks who the token is; tells a dead token from a hiccup. */
  checkToken(signal: AbortSignal): Promise<Result<null>>;
  /** The usage since the last call of this function. */
  takeUsage(): SourceUsage;
}
