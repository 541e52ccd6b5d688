import type { AccountId } from './account.ts';
import type { DailyLimit, SpendCap } from './pace.ts';

/** What one status read tells of one account. Amounts are minor units of `currency`. */
export interface StatusReading {
  accountId: AccountId;
  name: string | null;
  statusCode: number;
  disableReason: number | null;
  currency: string;
  timezone: string;
  amountSpentMinor: number | null;
  spendCap: SpendCap;
  balanceDueMinor: number | null;
  businessId: string | null;
  businessName: string | null;
}

/** What one insights read tells of one account-day. No delivery is a truthful zero: Meta sends no row then. */
export interface DayReading {
  accountId: AccountId;
  /** The account's own calendar day, `YYYY-MM-DD`. */
  day: string;
  spendMinor: number;
  impressions: number;
  clicks: number;
  outboundClicks: number;
  /** Meta's cost per click, major units with its own decimals; null when nobody clicked. */
  cpc: string | null;
}

/** How many ads there are. A count that Meta did not give is null. */
export interface AdsReading {
  activeAds: number | null;
  totalAds: number | null;
}

/** The failures of the world, in few words. `rate` is Meta's throttling; `shape` an answer that cannot be believed. */
export type FailureKind =
  'token' | 'permission' | 'rate' | 'policy' | 'request' | 'config' | 'transient' | 'shape';

/** Why a read of one account, or of a whole connection, brought nothing. `detail` is safe to log and to show. */
export interface Failure {
  kind: FailureKind;
  detail: string;
  /** Meta's error code and subcode, where it gave them. */
  code: number | null;
  subcode: number | null;
  /** Meta's id of the failed call, for its support. */
  traceId: string | null;
  /** How long Meta asks to stay away from this scope; null when it does not say. */
  pauseMs: number | null;
}

/** A reading or the reason why there is none. */
export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

export type LimitReading = DailyLimit;
