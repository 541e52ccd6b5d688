/** Counted calls in rolling windows, and what the usage headers say about them. */
import { throttled } from './errors.ts';

export type Bucket = 'ads_management' | 'ads_insights';
export type Tier = 'standard_access' | 'development_access';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const SCORE_MINUTES = 5;
/** Calls an hour to what is not the Marketing API. */
const PLATFORM_QUOTA = 4_800;
const SCORE_QUOTA: Readonly<Record<Tier, number>> = { standard_access: 9_000, development_access: 60 };
const BASE_QUOTA: Readonly<Record<Tier, Record<Bucket, number>>> = {
  standard_access: { ads_management: 100_000, ads_insights: 190_000 },
  development_access: { ads_management: 300, ads_insights: 600 },
};
const PER_ACTIVE_AD: Readonly<Record<Bucket, number>> = { ads_management: 40, ads_insights: 400 };
const OVER_QUOTA: Readonly<Record<Bucket, number>> = { ads_management: 80004, ads_insights: 80000 };

export interface Usage {
  readonly tier: Tier;
  countPlatform(nowMs: number): void;
  countAccount(accountId: string, bucket: Bucket, nowMs: number): void;
  /** `percent` is shown instead of what was counted. */
  platformHeaders(nowMs: number, percent?: number): Record<string, string>;
  /** The headers of an account's calls. */
  accountHeaders(
    accountId: string,
    activeAds: number,
    nowMs: number,
    shown?: ShownUsage,
  ): Record<string, string>;
  /** Throws the protocol's error when a call has gone over a quota. */
  enforce(accountId: string, bucket: Bucket, activeAds: number, nowMs: number): void;
}

/** What the headers say instead of what was counted. */
export interface ShownUsage {
  /** Minutes until access is regained; above 0 tells of a block that holds now. */
  readonly regainMinutes?: number;
  readonly percent?: number;
  /** Absent = every bucket and the account's score. */
  readonly bucket?: Bucket;
}

/** A counter of calls by minute; a quiet subject forgets its minutes when it is next asked for. */
interface Minute {
  readonly minute: number;
  calls: number;
}

export function createUsage(tier: Tier): Usage {
  const minutes = new Map<string, Minute[]>();

  function count(subject: string, nowMs: number): void {
    const minute = Math.floor(nowMs / MINUTE_MS);
    // A clock that was set back leaves minutes of the future behind: they never happened.
    const recent = (minutes.get(subject) ?? []).filter(
      (one) => one.minute > minute - HOUR_MINUTES && one.minute <= minute,
    );
    const last = recent.at(-1);
    if (last?.minute === minute) last.calls += 1;
    else recent.push({ minute, calls: 1 });
    minutes.set(subject, recent);
  }

  function calls(subject: string, window: number, nowMs: number): number {
    const minute = Math.floor(nowMs / MINUTE_MS);
    let sum = 0;
    for (const one of minutes.get(subject) ?? []) {
      if (one.minute > minute - window && one.minute <= minute) sum += one.calls;
    }
    return sum;
  }

  const quota = (bucket: Bucket, activeAds: number): number =>
    BASE_QUOTA[tier][bucket] + PER_ACTIVE_AD[bucket] * activeAds;
  const percent = (accountId: string, bucket: Bucket, activeAds: number, nowMs: number): number =>
    (calls(`${accountId} ${bucket}`, HOUR_MINUTES, nowMs) * 100) / quota(bucket, activeAds);
  const score = (accountId: string, nowMs: number): number =>
    ((calls(`${accountId} ads_management`, SCORE_MINUTES, nowMs) +
      calls(`${accountId} ads_insights`, SCORE_MINUTES, nowMs)) *
      100) /
    SCORE_QUOTA[tier];

  function accountHeaders(accountId: string, activeAds: number, nowMs: number, shown: ShownUsage = {}) {
    const told = (bucket: Bucket | undefined): ShownUsage =>
      shown.bucket === undefined || shown.bucket === bucket ? shown : {};
    const used = (counted: number, { percent, regainMinutes = 0 }: ShownUsage): number =>
      percent ?? Math.max(counted, regainMinutes > 0 ? 100 : 0);
    const entry = (bucket: Bucket): object => {
      const counted = Math.floor(percent(accountId, bucket, activeAds, nowMs));
      const calls = used(counted, told(bucket));
      return {
        type: bucket,
        call_count: calls,
        total_cputime: Math.floor(calls * 0.4),
        total_time: Math.floor(calls * 0.5),
        estimated_time_to_regain_access: told(bucket).regainMinutes ?? 0,
        ads_api_access_tier: tier,
      };
    };
    const counted = Number(score(accountId, nowMs).toFixed(2));
    const { regainMinutes = 0 } = told(undefined);
    return {
      'X-Business-Use-Case-Usage': JSON.stringify({
        [accountId]: [entry('ads_insights'), entry('ads_management')],
      }),
      'X-Ad-Account-Usage': JSON.stringify({
        acc_id_util_pct: used(counted, told(undefined)),
        reset_time_duration: regainMinutes > 0 ? regainMinutes * 60 : counted > 0 ? SCORE_MINUTES * 60 : 0,
        ads_api_access_tier: tier,
      }),
    };
  }

  return {
    tier,
    countPlatform: (nowMs) => count('platform', nowMs),
    countAccount: (accountId, bucket, nowMs) => count(`${accountId} ${bucket}`, nowMs),
    platformHeaders(nowMs, percent) {
      const counted = Math.floor((calls('platform', HOUR_MINUTES, nowMs) * 100) / PLATFORM_QUOTA);
      const used = percent ?? counted;
      const usage = {
        call_count: used,
        total_time: Math.floor(used * 0.5),
        total_cputime: Math.floor(used * 0.4),
      };
      return { 'X-App-Usage': JSON.stringify(usage) };
    },
    accountHeaders,
    enforce(accountId, bucket, activeAds, nowMs) {
      if (percent(accountId, bucket, activeAds, nowMs) > 100) {
        throw throttled(
          OVER_QUOTA[bucket],
          2446079,
          accountHeaders(accountId, activeAds, nowMs, { bucket, regainMinutes: 10 }),
        );
      }
      if (score(accountId, nowMs) > 100) {
        throw throttled(
          17,
          2446079,
          accountHeaders(accountId, activeAds, nowMs, { regainMinutes: SCORE_MINUTES }),
        );
      }
    },
  };
}
