/** Account-days: the calendar of each account's own time zone. A day is a whole number of days since 1970-01-01. */

export const DAY_MS = 86_400_000;
const QUARTER_MS = 900_000;
const CACHED_QUARTERS = 4_000;

interface ZoneOffsets {
  readonly format: Intl.DateTimeFormat;
  readonly byQuarter: Map<number, number>;
}

const zones = new Map<string, ZoneOffsets>();

/** A moment on an account's calendar: its day, and how much of that day has passed (0..1). */
export interface LocalMoment {
  readonly day: number;
  readonly share: number;
}

/** The offset of a zone from UTC at an instant, in milliseconds; positive in the east. */
export function zoneOffsetMs(zone: string, instantMs: number): number {
  // Clocks are changed only on quarter hours of UTC, so one answer serves the whole quarter.
  const quarter = Math.floor(instantMs / QUARTER_MS);
  const known = offsetsOf(zone);
  const cached = known.byQuarter.get(quarter);
  if (cached !== undefined) return cached;
  if (known.byQuarter.size >= CACHED_QUARTERS) known.byQuarter.clear();
  const offset = readOffset(known.format, quarter * QUARTER_MS);
  known.byQuarter.set(quarter, offset);
  return offset;
}

/** The account-day that an instant falls on. */
export function localDay(zone: string, instantMs: number): number {
  return Math.floor((instantMs + zoneOffsetMs(zone, instantMs)) / DAY_MS);
}

/** The first instant of an account-day, also where daylight saving skips or repeats midnight. */
export function dayStart(zone: string, day: number): number {
  const midnight = day * DAY_MS;
  const before = midnight - zoneOffsetMs(zone, midnight - DAY_MS);
  const after = midnight - zoneOffsetMs(zone, midnight + DAY_MS);
  const [first, second] = before < after ? [before, after] : [after, before];
  return localDay(zone, first) === day ? first : second;
}

/** Where an instant stands on the account's calendar; the share never runs backwards within a day. */
export function localMoment(zone: string, instantMs: number): LocalMoment {
  const day = localDay(zone, instantMs);
  const start = dayStart(zone, day);
  const length = dayStart(zone, day + 1) - start;
  return { day, share: (instantMs - start) / length };
}

/** The instant of a fractional account-day (day + share). */
export function instantOf(zone: string, moment: number): number {
  const day = Math.floor(moment);
  const start = dayStart(zone, day);
  return Math.round(start + (moment - day) * (dayStart(zone, day + 1) - start));
}

/** `YYYY-MM-DD` of an account-day. */
export function dayText(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The account-day of `YYYY-MM-DD`, or undefined when the text is no date. */
export function parseDay(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const day = Date.parse(`${text}T00:00:00Z`) / DAY_MS;
  return Number.isInteger(day) && dayText(day) === text ? day : undefined;
}

/** Meta's way of writing an instant: local time and a numeric offset without a colon. */
export function instantText(instantMs: number, zone = 'UTC'): string {
  const offset = zoneOffsetMs(zone, instantMs);
  const local = new Date(instantMs + offset).toISOString().slice(0, 19);
  const minutes = Math.abs(offset) / 60_000;
  const clock = [Math.floor(minutes / 60), minutes % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join('');
  return `${local}${offset < 0 ? '-' : '+'}${clock}`;
}

function offsetsOf(zone: string): ZoneOffsets {
  const known = zones.get(zone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const fresh = { format, byQuarter: new Map<number, number>() };
  zones.set(zone, fresh);
  return fresh;
}

function readOffset(format: Intl.DateTimeFormat, instantMs: number): number {
  const name = format.formatToParts(instantMs).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign, hours, minutes] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
  if (!sign) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
