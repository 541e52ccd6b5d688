import type { SourceUsage } from '../../ports/account-source.ts';

/** Headers of one answer or batch item, names in lower case. */
export type Headers = ReadonlyMap<string, string>;

/** The kinds of calls that Meta counts apart, per account. */
export type Bucket = 'ads_insights' | 'ads_management';

/** What the usage headers of one answer tell. Percentages: 100 = the limit. Durations are milliseconds. */
export interface UsageReport {
  app: number | null;
  /** Insights of the whole app, and of the account. */
  insights: { app: number; account: number } | null;
  /** The account's real-time score and how long it takes to recover. */
  score: { percent: number; resetMs: number } | null;
  /** Rolling hour by account (or business) and bucket; `regainMs` above 0 = blocked now. */
  buckets: { owner: string; bucket: string; percent: number; regainMs: number }[];
}

/** Reads the usage headers; null when there are none. A malformed one is ignored, as it says nothing. */
export function readUsage(headers: Headers): UsageReport | null {
  const business = headers.get('x-business-use-case-usage');
  const account = headers.get('x-ad-account-usage');
  const app = headers.get('x-app-usage');
  const insights = headers.get('x-fb-ads-insights-throttle');
  if (business === undefined && account === undefined && app === undefined && insights === undefined)
    return null;
  const report: UsageReport = { app: null, insights: null, score: null, buckets: [] };
  const ofApp = parse(app);
  if (ofApp !== null) report.app = worst(ofApp);
  const ofInsights = parse(insights);
  if (ofInsights !== null)
    report.insights = {
      app: amount(ofInsights['app_id_util_pct']),
      account: amount(ofInsights['acc_id_util_pct']),
    };
  const ofAccount = parse(account);
  if (ofAccount !== null)
    report.score = {
      percent: amount(ofAccount['acc_id_util_pct']),
      resetMs: amount(ofAccount['reset_time_duration']) * 1000,
    };
  for (const [owner, entries] of Object.entries(parse(business) ?? {}))
    if (Array.isArray(entries))
      for (const entry of entries as unknown[])
        if (isObject(entry))
          report.buckets.push({
            owner,
            bucket: String(entry['type']),
            percent: worst(entry),
            regainMs: amount(entry['estimated_time_to_regain_access']) * 60_000,
          });
  return report;
}

/** The highest percentage of a report; null when it has none. */
export function highestOf(report: UsageReport): number | null {
  let highest: number | null = report.app;
  const take = (percent: number): void => {
    if (highest === null || percent > highest) highest = percent;
  };
  if (report.insights !== null) take(Math.max(report.insights.app, report.insights.account));
  if (report.score !== null) take(report.score.percent);
  for (const { percent } of report.buckets) take(percent);
  return highest;
}

type Entry = Record<string, unknown>;

function parse(text: string | undefined): Entry | null {
  if (text === undefined) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Call count, CPU time and wall time are limited alike; the worst of the three counts. */
function worst(entry: Entry): number {
  return Math.max(amount(entry['call_count']), amount(entry['total_cputime']), amount(entry['total_time']));
}

function amount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : 0;
}

/** A meter for each turn, so that cycles which overlap do not count each other's calls. */
export class UsageMeters {
  readonly #meters = new WeakMap<object, UsageMeter>();

  of(turn: object): UsageMeter {
    let meter = this.#meters.get(turn);
    if (meter === undefined) this.#meters.set(turn, (meter = new UsageMeter()));
    return meter;
  }
}

/** Collects what the calls of one turn cost, from the answers themselves. */
class UsageMeter {
  #requests = 0;
  #countedCalls = 0;
  #retries = 0;
  #durations: number[] = [];
  #highest: number | null = null;
  #versionWarning: string | null = null;

  /** One HTTP request has been answered (or not) after `durationMs`. */
  request(countedCalls: number, durationMs: number): void {
    this.#requests += 1;
    this.#countedCalls += countedCalls;
    this.#durations.push(durationMs);
  }

  retry(): void {
    this.#retries += 1;
  }

  /** Notes a percentage and the warning that the version is about to go, where an answer bears them. */
  answer(highestPercent: number | null, versionWarning: string | undefined): void {
    if (highestPercent !== null) this.#highest = Math.max(this.#highest ?? 0, highestPercent);
    this.#versionWarning = versionWarning ?? this.#versionWarning;
  }

  /** The sums since the last call of this. */
  take(): SourceUsage {
    const sorted = this.#durations.toSorted((a, b) => a - b);
    const usage: SourceUsage = {
      requests: this.#requests,
      countedCalls: this.#countedCalls,
      retries: this.#retries,
      meanMs:
        sorted.length === 0 ? null : Math.round(sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length),
      p95Ms: sorted.length === 0 ? null : Math.round(sorted[Math.floor((sorted.length - 1) * 0.95)] ?? 0),
      highestUsagePercent: this.#highest,
      versionWarning: this.#versionWarning,
    };
    this.#requests = this.#countedCalls = this.#retries = 0;
    this.#durations = [];
    this.#highest = this.#versionWarning = null;
    return usage;
  }
}
