import { localDay } from './calendar.ts';

const hour = 3600;
/** A base that is older tells nothing of one hour. */
const oldest = hour + 900;

/**
 * What was spent in each clock hour between two instants (epoch seconds), from the spend of the account-day as it stood at
 * points (oldest first). Null where the hour's beginning or end was not read.
 */
export function deriveHourlySpend(
  points: readonly { at: number; spendMinor: number | null }[],
  zone: string,
  { from, to }: { from: number; to: number },
): { at: number; spendMinor: number | null }[] {
  const known = points.filter(
    (point): point is { at: number; spendMinor: number } => point.spendMinor !== null,
  );
  const days = known.map(({ at }) => localDay(at * 1000, zone));
  const bars: { at: number; spendMinor: number | null }[] = [];
  let index = -1;
  for (let start = Math.floor(from / hour) * hour; start < to; start += hour) {
    while ((known[index + 1]?.at ?? Infinity) <= start) index += 1;
    const base = known[index];
    const baseDay = days[index];
    let last = index;
    while ((known[last + 1]?.at ?? Infinity) <= start + hour) last += 1;
    const end = known[last];
    bars.push({ at: start, spendMinor: end === undefined || last === index ? null : grown() });
    function grown(): number | null {
      if (end === undefined) return null;
      const isNewDay = days[last] !== localDay(start * 1000 - 1, zone) && days[last] !== baseDay;
      if (isNewDay) return end.spendMinor;
      if (base === undefined || start - base.at > oldest) return null;
      return Math.max(0, end.spendMinor - base.spendMinor);
    }
  }
  return bars;
}
