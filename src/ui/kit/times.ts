import { isZone, zoneClock } from '../../domain/calendar.ts';
import { evenSpace } from './figures.ts';

/** Ages and clock times as people read them. */

const formats = new Map<string, Intl.DateTimeFormat>();

/** `zone` null is the reader's own zone. */
function format(
  at: number,
  zone: string | null,
  key: string,
  options: Intl.DateTimeFormatOptions,
  locale = 'en-US',
): Intl.DateTimeFormatPart[] {
  const id = `${key} ${locale} ${zone}`;
  let known = formats.get(id);
  if (known === undefined) {
    known = new Intl.DateTimeFormat(locale, zone === null ? options : { ...options, timeZone: zone });
    formats.set(id, known);
  }
  return known.formatToParts(at);
}

function text(parts: Intl.DateTimeFormatPart[]): string {
  return evenSpace(parts.map((part) => part.value).join('')).replaceAll('\u00a0', ' ');
}

/** A zone that this runtime knows; an account whose zone nobody has read yet is shown in UTC, and says so. */
export function knownZone(zone: string): string {
  return isZone(zone) ? zone : 'UTC';
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long: `40 s`, `2 min`, `4 h 26 min`, `2 days`. A figure keeps its unit on the same line. */
export function age(ms: number): string {
  const unit = (value: number, word: string) => `${value}\u00a0${word}`;
  if (ms < minuteMs) return unit(Math.max(0, Math.floor(ms / 1000)), 's');
  if (ms < hourMs) return unit(Math.floor(ms / minuteMs), 'min');
  if (ms < dayMs) {
    const minutes = Math.floor((ms % hourMs) / minuteMs);
    const hours = unit(Math.floor(ms / hourMs), 'h');
    return minutes === 0 ? hours : `${hours} ${unit(minutes, 'min')}`;
  }
  const days = Math.floor(ms / dayMs);
  return unit(days, days === 1 ? 'day' : 'days');
}

/** `16:40` */
export function clockTime(at: number, zone: string | null): string {
  if (zone === null)
    return text(format(at, zone, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }));
  const { hour, minute } = zoneClock(at, zone);
  return `${hour}:${minute}`;
}

function britishName(at: number, zone: string): string {
  const parts = format(at, zone, 'zone', { timeZoneName: 'short' }, 'en-GB');
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

/** `EST`, `CET`; an offset such as `GMT+9` where English has no short name for the zone. */
export function zoneName(at: number, zone: string): string {
  const american = zoneClock(at, zone).name;
  return american.startsWith('GMT') ? britishName(at, zone) : american;
}

/** `Nov 22` */
export function monthDay(at: number, zone: string): string {
  return text(format(at, zone, 'day', { month: 'short', day: 'numeric' }));
}

/** `23 Nov`, for a day (`YYYY-MM-DD`) that no zone makes another one. */
export function dayMonth(day: string): string {
  return text(format(Date.parse(day), 'UTC', 'day-month', { day: 'numeric', month: 'short' }, 'en-GB'));
}

/** `Nov 24, 10:22 AM` */
export function stamp(at: number, zone: string): string {
  return text(
    format(at, zone, 'stamp', { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }),
  );
}

/** `Nov 24, 2026, 10:22 AM EST` */
export function fullStamp(at: number, zone: string): string {
  const parts = format(at, zone, 'full', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  });
  return `${text(parts)} ${zoneName(at, zone)}`;
}
