import { localDay, startOfDay } from './calendar.ts';

const hour = 3600;
/** How far a reading may be from the hour's beginning or end that it stands for. */
const farthest = 900;

/**
 * What was spent in each hour of the zone's clock between two instants (epoch seconds), from the spend of the account-day as it
 * stood at points (oldest first). Null where the hour's beginning or end was not read.
 */
export function deriveHourlySpend(
  points: readonly { at: number; spendMinor: number | null }[],
  zone: string,
  { from, to }: { from: number; to: number },
): { at: number; spendMinor: number | null }[] {
  const known = points.flatMap(({ at, spendMinor }) => (spendMinor === null ? [] : [{ at, spendMinor }]));
  const bars: { at: number; spendMinor: number | null }[] = [];
  const dawn = startOfDay(localDay(from * 1000, zone), zone) / 1000;
  let index = -1;
  for (let start = from - ((from - dawn) % hour); start < to; start += hour) {
    while ((known[index + 1]?.at ?? Infinity) <= start) index += 1;
    const base = known[index];
    let last = index;
    while ((known[last + 1]?.at ?? Infinity) <= start + hour) last += 1;
    // A reading at the very midnight belongs to the day that begins.
    if (known[last]?.at === start + hour && isDawn(start + hour, zone)) last -= 1;
    const end = known[last];
    const isRead = end !== undefined && last > index && Math.min(start + hour, to) - end.at <= farthest;
    const before = isDawn(start, zone)
      ? 0
      : base === undefined || start - base.at > farthest
        ? null
        : base.spendMinor;
    const spendMinor = !isRead || before === null ? null : Math.max(0, end.spendMinor - before);
    bars.push({ at: start, spendMinor });
  }
  return bars;
}

function isDawn(at: number, zone: string): boolean {
  return localDay(at * 1000, zone) !== localDay(at * 1000 - 1, zone);
}
