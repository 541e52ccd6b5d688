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
  platformHeaders(nowMs: number): Record<string, string>;
  /** The headers of an account's calls; `blockedMinutes` above 0 tells of a block that holds now. */
  accountHeaders(
    accountId: string,
    activeAds: number,
    nowMs: number,
    blockedMinutes?: number,
  ): Record<string, string>;
  /** Throws the protocol's error when a call has gone over a quota. */
  enforce(accountId: string, bucket: Bucket, activeAds: number, nowMs: number): void;
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

  function accountHeaders(accountId: string, activeAds: number, nowMs: number, blockedMinutes = 0) {
    const isBlocked = blockedMinutes > 0;
    const entry = (bucket: Bucket): object => {
      const used = Math.max(Math.floor(percent(accountId, bucket, activeAds, nowMs)), isBlocked ? 100 : 0);
      return {
        type: bucket,
        call_count: used,
        total_cputime: Math.floor(used * 0.4),
        total_time: Math.floor(used * 0.5),
        estimated_time_to_regain_access: blockedMinutes,
        ads_api_access_tier: tier,
      };
    };
    const scored = Number(score(accountId, nowMs).toFixed(2));
    return {
      'X-Business-Use-Case-Usage': JSON.stringify({
        [accountId]: [entry('ads_insights'), entry('ads_management')],
      }),
      'X-Ad-Account-Usage': JSON.stringify({
        acc_id_util_pct: isBlocked ? Math.max(100, scored) : scored,
        reset_time_duration: isBlocked ? blockedMinutes * 60 : scored > 0 ? SCORE_MINUTES * 60 : 0,
        ads_api_access_tier: tier,
      }),
    };
  }

  return {
    tier,
    countPlatform: (nowMs) => count('platform', nowMs),
    countAccount: (accountId, bucket, nowMs) => count(`${accountId} ${bucket}`, nowMs),
    platformHeaders(nowMs) {
      const used = Math.floor((calls('platform', HOUR_MINUTES, nowMs) * 100) / PLATFORM_QUOTA);
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
        throw throttled(OVER_QUOTA[bucket], 2446079, accountHeaders(accountId, activeAds, nowMs, 10));
      }
      if (score(accountId, nowMs) > 100) {
        throw throttled(17, 2446079, accountHeaders(accountId, activeAds, nowMs, SCORE_MINUTES));
      }
    },
  };
}
