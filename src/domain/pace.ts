import { dayProgress } from './calendar.ts';

/** The daily ceiling of an account and where it comes from; `minor` is null unless the source is `operator` or `meta`. */
export interface DailyLimit {
  minor: number | null;
  source: 'operator' | 'meta' | 'unlimited' | 'unknown';
}

/** The lifetime ceiling that the account's owner set; `minor` is null unless the source is `meta`. */
export interface SpendCap {
  minor: number | null;
  source: 'meta' | 'none' | 'unknown';
}

/** The ladder: what the operator entered, then what Meta tells, then unknown. */
export function resolveDailyLimit(operatorMinor: number | null, meta: DailyLimit): DailyLimit {
  return operatorMinor === null ? meta : { minor: operatorMinor, source: 'operator' };
}

/** What is left of the spend cap, in minor units; null without a cap or while either figure is unknown. */
export function deriveFundsLeft(cap: SpendCap, amountSpentMinor: number | null): number | null {
  if (cap.minor === null || amountSpentMinor === null) return null;
  return Math.max(0, cap.minor - amountSpentMinor);
}

/** Spend as a percentage of the limit (100 = all of it); null where there is no limit or nothing is known. */
export function deriveProgressPercent(spendMinor: number | null, limit: DailyLimit): number | null {
  if (spendMinor === null || limit.minor === null || limit.minor <= 0) return null;
  return Math.round((spendMinor / limit.minor) * 1000) / 10;
}

export type PaceWord =
  'LIMIT REACHED' | 'ON TARGET' | 'BEHIND' | 'UNDER' | 'EARLY' | 'NO LIMIT' | 'LIMIT UNKNOWN';

export interface Pace {
  word: PaceWord;
  /** Spend expected at the end of the account-day, minor units; null too early to say or without a figure. */
  projectedMinor: number | null;
  /** Share of the limit expected to be used by now, 0 to 1: the notch on the bar. */
  expectedShare: number | null;
  /** When the projection meets the limit (epoch ms); null when it does not today. */
  limitAt: number | null;
}

/** Where in its day an account usually is by the instant of its figure. Without it a day counts as spent evenly. */
export interface UsualDay {
  /** What of the day's spend is usually spent by then, 0 to 1. */
  share: number;
  /** When the limit is met if the day goes on as usual, epoch ms; null when it is not. */
  limitAt: number | null;
}

const earlyMs = 2 * 3_600_000;
/** A projection from less of the day than this says nothing. */
const leastShare = 0.02;

/**
 * How today's spend runs against the daily limit.
 * `at` is the instant of the figure, so that an old figure is not projected as if it were new.
 */
export function derivePace(
  spendMinor: number | null,
  limit: DailyLimit,
  at: number,
  zone: string,
  usual: UsualDay | null = null,
): Pace {
  const { share: passed, elapsedMs, leftMs } = dayProgress(at, zone);
  const share = usual?.share ?? passed;
  const isEarly = elapsedMs < earlyMs || share < leastShare;
  const projected = spendMinor === null || isEarly ? null : Math.round(spendMinor / share);
  if (limit.minor === null || limit.minor <= 0 || spendMinor === null) {
    const word = limit.source === 'unlimited' ? 'NO LIMIT' : 'LIMIT UNKNOWN';
    return { word, projectedMinor: projected, expectedShare: null, limitAt: null };
  }
  if (spendMinor >= limit.minor * 0.995)
    return { word: 'LIMIT REACHED', projectedMinor: spendMinor, expectedShare: share, limitAt: null };
  if (projected === null) return { word: 'EARLY', projectedMinor: null, expectedShare: share, limitAt: null };
  const ratio = projected / limit.minor;
  const word = ratio >= 0.9 ? 'ON TARGET' : ratio >= 0.7 ? 'BEHIND' : 'UNDER';
  const evenMs = spendMinor > 0 ? (elapsedMs * (limit.minor - spendMinor)) / spendMinor : Infinity;
  const evenAt = evenMs <= leftMs ? at + evenMs : null;
  return {
    word,
    projectedMinor: Math.min(projected, limit.minor),
    expectedShare: share,
    limitAt: usual === null ? evenAt : usual.limitAt,
  };
}

/**
 * In how many milliseconds `leftMinor` is spent if the day goes on as it went so far; Infinity while nothing is spent, null
 * while it is too early to say. Where the day's limit ends the spending first, not before the day is over.
 */
export function deriveFundsEta(
  spendMinor: number | null,
  leftMinor: number,
  limit: DailyLimit,
  { elapsedMs, leftMs }: { elapsedMs: number; leftMs: number },
): number | null {
  if (spendMinor === null || elapsedMs < earlyMs) return null;
  if (spendMinor <= 0) return Infinity;
  const etaMs = (leftMinor * elapsedMs) / spendMinor;
  const endsFirst = limit.minor !== null && limit.minor - spendMinor < leftMinor;
  return endsFirst ? Math.max(etaMs, leftMs) : etaMs;
}
