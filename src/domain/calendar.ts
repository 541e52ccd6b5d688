/** Days and hours of an account's own zone. An account-day runs from midnight to midnight there. */

const formats = new Map<string, Intl.DateTimeFormat | null>();

function formatOf(zone: string): Intl.DateTimeFormat | null {
  let format = formats.get(zone);
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat('en-US', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        timeZoneName: 'short',
      });
    } catch {
      format = null;
    }
    formats.set(zone, format);
  }
  return format;
}

/** Whether the text names an IANA zone that this runtime knows. */
export function isZone(zone: string): boolean {
  return zone !== '' && formatOf(zone) !== null;
}

/** What the clock of a zone shows, as people read it, and the zone's name of that day. One format a zone: each is slow to make. */
export function zoneClock(at: number, zone: string): { hour: string; minute: string; name: string } {
  const part = new Map(
    formatOf(zone)
      ?.formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const text = (type: Intl.DateTimeFormatPartTypes) => part.get(type) ?? '';
  return { hour: text('hour'), minute: text('minute'), name: text('timeZoneName') || zone };
}

/** Zones change their clocks on quarter hours of UTC, so the last answer serves the whole quarter. */
const offsets = new Map<string, { quarter: number; offsetMs: number }>();
const quarterMs = 900_000;

function offsetMs(at: number, zone: string): number {
  const quarter = Math.floor(at / quarterMs);
  const known = offsets.get(zone);
  if (known?.quarter === quarter) return known.offsetMs;
  const offset = readOffset(at, zone);
  offsets.set(zone, { quarter, offsetMs: offset });
  return offset;
}

function readOffset(at: number, zone: string): number {
  const format = formatOf(zone);
  if (format === null) throw new RangeError(`unknown time zone ${zone}`);
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(at)) part[type] = Number(value);
  const asUtc = Date.UTC(
    part['year'] ?? 0,
    (part['month'] ?? 1) - 1,
    part['day'] ?? 1,
    part['hour'] ?? 0,
    part['minute'] ?? 0,
    part['second'] ?? 0,
  );
  return asUtc - Math.floor(at / 1000) * 1000;
}

/** The account-day (`YYYY-MM-DD`) that an instant (epoch ms) falls on in a zone. Throws on an unknown zone. */
export function localDay(at: number, zone: string): string {
  return utcDay(at + offsetMs(at, zone));
}

/** The UTC day (`YYYY-MM-DD`) of an instant. */
export function utcDay(at: number): string {
  const day = new Date(at);
  const two = (n: number) => String(n).padStart(2, '0');
  return `${day.getUTCFullYear()}-${two(day.getUTCMonth() + 1)}-${two(day.getUTCDate())}`;
}

/** `days` later (or earlier, when negative) on the calendar. */
export function addDays(day: string, days: number): string {
  return utcDay(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000);
}

/** The instant at which a day begins in a zone; across a clock change it is the first instant that bears the date. */
export function startOfDay(day: string, zone: string): number {
  const wanted = Date.parse(`${day}T00:00:00Z`);
  // Two steps settle it: the offset at the guess may differ from the offset at midnight.
  let at = wanted - offsetMs(wanted, zone);
  at = wanted - offsetMs(at, zone);
  // Where the clock skips midnight, the first guess may still lie on the day before.
  while (localDay(at, zone) < day) at += 3_600_000;
  return at;
}

/** The account-day that a zone was last asked about: a board asks for the same one again and again. */
const spans = new Map<string, { start: number; end: number }>();

/** How much of the account-day has passed, 0 to 1, and how many milliseconds of it are left. */
export function dayProgress(at: number, zone: string): { share: number; elapsedMs: number; leftMs: number } {
  let span = spans.get(zone);
  if (span === undefined || at < span.start || at >= span.end) {
    const day = localDay(at, zone);
    span = { start: startOfDay(day, zone), end: startOfDay(addDays(day, 1), zone) };
    spans.set(zone, span);
  }
  const { start, end } = span;
  return { share: (at - start) / (end - start), elapsedMs: at - start, leftMs: end - at };
}

/** Days from one date to another; 0 for the same, negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** The account-day at an instant, and how long it has run. */
export interface ZoneDay {
  day: string;
  elapsedMs: number;
}

/** Tells the account-day of any zone at one instant; each zone is worked out once, however many accounts ask. */
export function zoneDays(at: number): (zone: string) => ZoneDay {
  const known = new Map<string, ZoneDay>();
  return (zone) => {
    let found = known.get(zone);
    if (found === undefined) {
      const day = localDay(at, zone);
      found = { day, elapsedMs: at - startOfDay(day, zone) };
      known.set(zone, found);
    }
    return found;
  };
}

/** Minutes since midnight that a zone's clock shows at an instant. */
export function localMinute(at: number, zone: string): number {
  return Math.floor((at + offsetMs(at, zone)) / 60_000) % (24 * 60);
}

/** When a zone's clock shows a minute of a day (epoch ms); of a time that a clock change leaves out, a moment after it. */
export function instantOf(day: string, minute: number, zone: string): number {
  const wanted = Date.parse(`${day}T00:00:00Z`) + minute * 60_000;
  const first = wanted - offsetMs(wanted, zone);
  const second = wanted - offsetMs(first, zone);
  return localMinute(second, zone) === minute ? second : Math.max(first, second);
}

/** The account-day around an instant: where in it the instant lies, and which hour its clock shows (0 to 23). */
export interface ZoneSpan extends ZoneDay {
  leftMs: number;
  hour: number;
}

const dayMs = 86_400_000;

/** Tells the account-day of any zone at any instant; a day of a zone is worked out once while instants go forward. */
export function zoneSpans(): (at: number, zone: string) => ZoneSpan {
  const known = new Map<string, { day: string; start: number; end: number }>();
  return (at, zone) => {
    let day = known.get(zone);
    if (day === undefined || at < day.start || at >= day.end) {
      const name = localDay(at, zone);
      day = { day: name, start: startOfDay(name, zone), end: startOfDay(addDays(name, 1), zone) };
      known.set(zone, day);
    }
    const elapsedMs = at - day.start;
    // Only on a day on which the clocks change does what has passed differ from what the clock shows.
    const shown = day.end - day.start === dayMs ? elapsedMs : (at + offsetMs(at, zone)) % dayMs;
    return { day: day.day, elapsedMs, leftMs: day.end - at, hour: Math.floor(shown / 3_600_000) };
  };
}
