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
  /** Ads that Meta's review has turned down: they pile up before a ban. */
  rejectedAds: number | null;
}

/** One hour of an account-day, in the account's own zone. */
export interface HourReading {
  day: string;
  /** 0 to 23. */
  hour: number;
  spendMinor: number;
  clicks: number;
  outboundClicks: number;
}

/** What Meta tells seldom and not to everybody: how the account pays, why it delivers nothing, what this token may do. */
export interface DetailsReading {
  isPrepay: boolean | null;
  fundingType: number | null;
  /** Meta's own text for people, e.g. `VISA *4242`. */
  fundingText: string | null;
  /** Null = not told. An empty list = nothing holds delivery up. */
  deliveryChecks: { name: string; summary: string }[] | null;
  userTasks: string[] | null;
}

/** One entry of Meta's activity log. */
export interface ActivityReading {
  /** Epoch ms. */
  occurredAt: number;
  eventType: string;
  /** Meta's own JSON text, whose layout differs by event. */
  extra: string;
  /** The event in Meta's words. */
  words: string | null;
}

/**
 * The failures of the world, in few words. `rate` is Meta's throttling, `ceiling` our own limit of requests a minute;
 * `shape` an answer that cannot be believed.
 */
export type FailureKind =
  'token' | 'permission' | 'rate' | 'ceiling' | 'policy' | 'request' | 'config' | 'transient' | 'shape';

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
