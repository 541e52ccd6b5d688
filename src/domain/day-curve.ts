import { instantOf, localDay, localMinute } from './calendar.ts';
import type { DailyLimit, UsualDay } from './pace.ts';

/** How an account usually spends its day, by the hours of its own clock. */

/** Share of the day's spend, in ten-thousandths, that is spent by the end of each hour: 24 numbers that never fall, the last 10000. */
export type DayCurve = readonly number[];

const whole = 10_000;
/** So many account-days whose hours are known make a curve; older ones than the newest `days` do not count. */
export const curveDays = { most: 14, least: 3 } as const;

/** The curve of what was spent in each of the 24 hours, any unit; null when nothing was. */
export function deriveDayCurve(hours: readonly number[]): DayCurve | null {
  const total = hours.reduce((sum, spent) => sum + spent, 0);
  if (total <= 0) return null;
  let sum = 0;
  return Array.from({ length: 24 }, (_, hour) => {
    sum += hours[hour] ?? 0;
    return Math.round((sum / total) * whole);
  });
}

/** The middle of curves, each of the same weight: how a vendor's accounts spend; null when there is none. */
export function averageCurve(curves: readonly DayCurve[]): DayCurve | null {
  if (curves.length === 0) return null;
  return Array.from({ length: 24 }, (_, hour) =>
    Math.round(curves.reduce((sum, curve) => sum + (curve[hour] ?? whole), 0) / curves.length),
  );
}

/** What of the day's spend is usually spent by a minute of the day, 0 to 1. Within an hour it runs evenly. */
export function shareByMinute(curve: DayCurve, minute: number): number {
  const hour = Math.min(23, Math.floor(minute / 60));
  const before = hour === 0 ? 0 : (curve[hour - 1] ?? 0);
  const after = curve[hour] ?? whole;
  return (before + ((after - before) * (minute - hour * 60)) / 60) / whole;
}

/** The first minute of the day by which a share (0 to 1) is usually spent; null when it never is. */
function minuteOfShare(curve: DayCurve, share: number): number | null {
  const wanted = share * whole;
  const hour = curve.findIndex((spent) => spent >= wanted);
  if (hour < 0) return null;
  const before = hour === 0 ? 0 : (curve[hour - 1] ?? 0);
  const after = curve[hour] ?? whole;
  return hour * 60 + (after === before ? 0 : ((wanted - before) / (after - before)) * 60);
}

/**
 * Where an account usually is by the instant `at` (epoch ms), and when it meets its limit if the day goes on as usual from what
 * is spent so far.
 */
export function deriveUsualDay(
  curve: DayCurve,
  spendMinor: number | null,
  limit: DailyLimit,
  at: number,
  zone: string,
): UsualDay {
  const share = shareByMinute(curve, localMinute(at, zone));
  if (spendMinor === null || spendMinor <= 0 || limit.minor === null || spendMinor >= limit.minor)
    return { share, limitAt: null };
  const minute = minuteOfShare(curve, (share * limit.minor) / spendMinor);
  const limitAt = minute === null ? null : instantOf(localDay(at, zone), Math.round(minute), zone);
  return { share, limitAt: limitAt === null ? null : Math.max(at, limitAt) };
}
