import type { AccountId } from '../domain/account.ts';
import type {
  ActivityReading,
  AdsReading,
  DayReading,
  DetailsReading,
  Failure,
  HourReading,
  LimitReading,
  Result,
  StatusReading,
} from '../domain/observation.ts';

/** How the calls of one turn went with Meta, for the cycle's report. */
export interface SourceUsage {
  /** HTTP requests sent. */
  requests: number;
  /** Calls as Meta counts them: every item of a batch is one. */
  countedCalls: number;
  /** Requests beyond the first try. */
  retries: number;
  meanMs: number | null;
  p95Ms: number | null;
  /** Highest usage percentage that any header told, 100 = the limit. */
  highestUsagePercent: number | null;
  /** Meta's warning that the API version is about to go, word for word. */
  versionWarning: string | null;
}

/** One stretch of work with Meta: ends by `signal` at the latest; `now()` is the time (epoch ms) as the cycle counts it. */
export interface Turn {
  signal: AbortSignal;
  now(): number;
}

/** A scope of Meta's limits that must be left alone until an instant (epoch ms). */
export interface Pause {
  scope: string;
  until: number;
  reason: string;
}

/** One page of the status sweep. A row that cannot be believed is a failure under its account. */
export interface StatusPage {
  readings: StatusReading[];
  failures: { accountId: AccountId; failure: Failure }[];
  /** When it was asked for (epoch ms): what it tells is at least as new. */
  askedAt: number;
}

/** The reads beside the status, by what they bring. */
export const aspects = [
  'today',
  'ads',
  'limit',
  'details',
  'closed',
  'history',
  'hours',
  'activities',
] as const;
export type Aspect = (typeof aspects)[number];

/** A stretch of account-days, both ends included, `YYYY-MM-DD`. */
export interface DayRange {
  from: string;
  to: string;
}

/** What to read of one account besides its status; null or false = not now. */
export interface MetricsRequest {
  accountId: AccountId;
  currency: string;
  timezone: string;
  wants: {
    today: boolean;
    ads: boolean;
    limit: boolean;
    details: boolean;
    /** Days that are over, to be read again. */
    closed: DayRange | null;
    history: DayRange | null;
    hours: DayRange | null;
    /** Entries of the activity log from this instant (epoch ms) on. */
    activities: number | null;
  };
}

/** Everything that one read brought for one account; null = not asked for. */
export interface MetricsReading {
  accountId: AccountId;
  /** When this was asked (epoch ms): what Meta told is at least as new. Null = nothing was told. */
  askedAt: number | null;
  today: Result<DayReading> | null;
  ads: Result<AdsReading> | null;
  limit: Result<LimitReading> | null;
  details: Result<DetailsReading> | null;
  /** Every day asked for, oldest first; no delivery is a truthful zero. */
  closed: Result<DayReading[]> | null;
  /** Oldest first; days without delivery are missing. */
  history: Result<{ range: DayRange; days: DayReading[] }> | null;
  /** Oldest first; hours without delivery are missing. */
  hours: Result<{ range: DayRange; hours: HourReading[] }> | null;
  activities: Result<ActivityReading[]> | null;
}

/** When and how an account's status changed, as Meta's activity log tells. */
export interface StatusStory {
  activities: ActivityReading[];
  /** All clicks of the account's life; null when not told. */
  lifetimeClicks: number | null;
}

/** One way into Meta: what a connection can be asked. Nothing throws for what the world does. */
export interface AccountSource {
  /** Reads every account that the token's user reaches, page by page. A failure of the whole list ends it with `failure`. */
  listStatuses(turn: Turn): AsyncGenerator<StatusPage, Failure | null>;
  /** The same from a Business Manager's own edge: the accounts that it owns, or that others have shared to it. */
  listBusiness(
    businessId: string,
    edge: 'owned_ad_accounts' | 'client_ad_accounts',
    turn: Turn,
  ): AsyncGenerator<StatusPage, Failure | null>;
  /** Reads single accounts, for those that the lists no longer show. */
  readStatuses(accountIds: readonly AccountId[], turn: Turn): AsyncGenerator<StatusPage, Failure | null>;
  /**
   * Reads figures in batches, today's before all others. Batches go on being sent while the caller is busy; each step yields
   * all that has arrived since the last one. An account that Meta's limits hold back gets a failure of the kind `rate`.
   */
  readMetrics(
    requests: readonly MetricsRequest[],
    turn: Turn,
  ): AsyncGenerator<MetricsReading[], Failure | null>;
  readStory(accountId: AccountId, since: number, turn: Turn): Promise<Result<StatusStory>>;
  /** Asks who the token is; tells a dead token from a hiccup. */
  checkToken(turn: Turn): Promise<Result<null>>;
  /** What a turn has cost since this was last asked of it. */
  takeUsage(turn: Turn): SourceUsage;
  /** Takes over the pauses that other processes were told, and gives those that came up here since it was last asked. */
  sharePauses(known: readonly Pause[]): Pause[];
}
