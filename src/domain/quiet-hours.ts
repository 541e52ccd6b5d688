import { addDays, instantOf, localDay, localMinute } from './calendar.ts';

/** When a person wants to hear critical things only: `HH:MM` to `HH:MM` on the clock of his zone, across midnight if need be. */
export interface QuietHours {
  timezone: string;
  from: string;
  to: string;
}

/** When the quiet hours that hold at an instant end (epoch ms); null when none hold. */
export function quietUntil(hours: QuietHours | null, at: number): number | null {
  if (hours === null) return null;
  const [from, to] = [minuteOf(hours.from), minuteOf(hours.to)];
  const now = localMinute(at, hours.timezone);
  const isQuiet = from < to ? now >= from && now < to : from > to && (now >= from || now < to);
  if (!isQuiet) return null;
  const today = localDay(at, hours.timezone);
  const end = instantOf(now < to ? today : addDays(today, 1), to, hours.timezone);
  // Where a clock is put back within the quiet hours, their end comes twice; the second one is still ahead.
  return end > at ? end : at + 60_000;
}

function minuteOf(text: string): number {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return hour * 60 + minute;
}
