/** How a figure moved. Percentages: 100 = doubled; null where a side is unknown. */

/** Change from `from` to `to` in per cent, rounded to whole points; null when unknown or when `from` is 0. */
export function changePercent(from: number | null, to: number | null): number | null {
  if (from === null || to === null || from <= 0) return null;
  return Math.round(((to - from) / from) * 100);
}

const fewestClicks = 30;

/**
 * CPC of today so far against spend / clicks of the previous 7 closed account-days, in per cent (down is good).
 * Null below 30 clicks today, or without clicks before.
 */
export function deriveCpcChange(
  today: { spendMinor: number | null; clicks: number | null },
  before: { spendMinor: number; clicks: number } | null,
): number | null {
  if (today.spendMinor === null || today.clicks === null || today.clicks < fewestClicks) return null;
  if (before === null || before.clicks <= 0 || before.spendMinor <= 0) return null;
  return changePercent(before.spendMinor / before.clicks, today.spendMinor / today.clicks);
}

/** Whether a ceiling fell by more than `percent`, untuned a fifth: the sign that often comes before a ban. */
export function isCut(fromMinor: number, toMinor: number, percent = 20): boolean {
  return (fromMinor - toMinor) * 100 > fromMinor * percent;
}
