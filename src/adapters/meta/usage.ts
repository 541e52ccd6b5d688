import { z } from 'zod';
import type { SourceUsage } from '../../ports/account-source.ts';

/** Usage headers of one answer or batch item, names in lower case. */
export type Headers = ReadonlyMap<string, string>;

const percent = z.number().catch(0);
const business = z.record(
  z.string(),
  z.array(z.object({ call_count: percent, total_cputime: percent, total_time: percent })),
);
const app = z.object({ call_count: percent, total_cputime: percent, total_time: percent });
const account = z.object({ acc_id_util_pct: percent });
const insights = z.object({ app_id_util_pct: percent, acc_id_util_pct: percent });

/** Collects what the calls of one cycle cost, from the answers themselves. */
export class UsageMeter {
  #requests = 0;
  #countedCalls = 0;
  #durations: number[] = [];
  #highest: number | null = null;
  #versionWarning: string | null = null;

  /** One HTTP request has been answered (or not) after `durationMs`. */
  request(countedCalls: number, durationMs: number): void {
    this.#requests += 1;
    this.#countedCalls += countedCalls;
    this.#durations.push(durationMs);
  }

  /** Reads the usage headers; a malformed one is ignored, as Meta's own clients do. */
  headers(headers: Headers): void {
    for (const percentage of percentages(headers)) this.#highest = Math.max(this.#highest ?? 0, percentage);
    this.#versionWarning = headers.get('x-ad-api-version-warning') ?? this.#versionWarning;
  }

  /** The sums since the last call of this. */
  take(): SourceUsage {
    const sorted = this.#durations.toSorted((a, b) => a - b);
    const usage: SourceUsage = {
      requests: this.#requests,
      countedCalls: this.#countedCalls,
      meanMs:
        sorted.length === 0 ? null : Math.round(sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length),
      p95Ms: sorted.length === 0 ? null : Math.round(sorted[Math.floor((sorted.length - 1) * 0.95)] ?? 0),
      highestUsagePercent: this.#highest,
      versionWarning: this.#versionWarning,
    };
    this.#requests = this.#countedCalls = 0;
    this.#durations = [];
    this.#highest = this.#versionWarning = null;
    return usage;
  }
}

function* percentages(headers: Headers): Generator<number> {
  const read = <T>(name: string, schema: z.ZodType<T>): T | null => {
    const text = headers.get(name);
    if (text === undefined) return null;
    try {
      return schema.safeParse(JSON.parse(text)).data ?? null;
    } catch {
      return null;
    }
  };
  for (const entries of Object.values(read('x-business-use-case-usage', business) ?? {}))
    for (const { call_count, total_cputime, total_time } of entries)
      yield Math.max(call_count, total_cputime, total_time);
  const ofApp = read('x-app-usage', app);
  if (ofApp !== null) yield Math.max(ofApp.call_count, ofApp.total_cputime, ofApp.total_time);
  const ofAccount = read('x-ad-account-usage', account);
  if (ofAccount !== null) yield ofAccount.acc_id_util_pct;
  const ofInsights = read('x-fb-ads-insights-throttle', insights);
  if (ofInsights !== null) yield Math.max(ofInsights.app_id_util_pct, ofInsights.acc_id_util_pct);
}
