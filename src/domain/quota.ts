/** Meta's limits in per cent of what is allowed, and what follows from them. Source: Marketing API, rate limiting. */

/** A percentage as a header told it; 100 = the limit, more is possible. `heardAt` is epoch ms. */
export interface Usage {
  percent: number;
  heardAt: number;
}

/** `stretch`: half as often. `status_only`: nothing but statuses. `stop`: nothing at all for a while. */
export type Verdict = 'go' | 'stretch' | 'status_only' | 'stop';

const stretchFrom = 75;
const statusOnlyFrom = 90;
const stopFrom = 100;
/** Without calls nothing refreshes a percentage; after this it counts as unknown and one careful call is allowed. */
const freshMs = 5 * 60_000;

/** What a scope's last known usage allows at `now`. */
export function judgeUsage(usage: Usage | null, now: number): Verdict {
  if (usage === null || usage.percent < stretchFrom) return 'go';
  if (usage.percent < statusOnlyFrom) return 'stretch';
  return now - usage.heardAt > freshMs ? 'go' : usage.percent < stopFrom ? 'status_only' : 'stop';
}

const shortestPauseMs = 60_000;
const longestPauseMs = 24 * 3_600_000;

/**
 * Until when (epoch ms) a scope is left alone: as long as Meta tells, a minute at least, with up to a tenth more so that
 * not everything comes back at once. `random` is 0 to 1.
 */
export function pauseUntil(now: number, toldMs: readonly number[], random: number): number {
  const toldLongest = Math.min(Math.max(shortestPauseMs, ...toldMs), longestPauseMs);
  return now + Math.round(toldLongest * (1 + random / 10));
}
