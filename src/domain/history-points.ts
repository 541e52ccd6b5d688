import { addDays, instantOf, localDay, startOfDay } from './calendar.ts';
import { minorPerMajor } from './money.ts';

/** Figures of an account-day as they stood at an instant. Instants and spans are epoch seconds. */
export interface HistoryPoint {
  at: number;
  /** For how many seconds up to `at` it speaks. */
  span: number;
  spendMinor: number | null;
  clicks: number | null;
  outboundClicks: number | null;
  /** Millionths of a major unit; null without clicks. */
  cpcMicro: number | null;
}

interface Figures {
  spendMinor: number;
  clicks: number;
  outboundClicks: number;
}

/** What is stored of one account: the finest first. A stretch of read days has truthful zeros where it has no row. */
export interface StoredHistory {
  snapshots: readonly HistoryPoint[];
  hours: {
    from: string | null;
    to: string | null;
    rows: readonly (Figures & { day: string; hour: number })[];
  };
  days: { from: string | null; to: string | null; rows: readonly (Figures & { day: string })[] };
}

const nothing: Figures = { spendMinor: 0, clicks: 0, outboundClicks: 0 };
const daySpan = 86_400;
const hourSpan = 3600;

/** Cost per click in millionths of a major unit. */
export function costMicro(spendMinor: number | null, clicks: number | null, currency: string): number | null {
  if (spendMinor === null || clicks === null || clicks <= 0) return null;
  return Math.round((spendMinor * 1_000_000) / (clicks * minorPerMajor(currency)));
}

function point(at: number, span: number, figures: Figures, currency: string): HistoryPoint {
  const { spendMinor, clicks, outboundClicks } = figures;
  return { at, span, spendMinor, clicks, outboundClicks, cpcMicro: costMicro(spendMinor, clicks, currency) };
}

interface Window {
  zone: string;
  currency: string;
  from: number;
  to: number;
}

/**
 * One line of points out of three: snapshots, where there are none account-hours, and where there are none of them either the
 * figure of the whole account-day at its end. Oldest first.
 */
export function mergePoints(stored: StoredHistory, { zone, currency, from, to }: Window): HistoryPoint[] {
  const points: HistoryPoint[] = [];
  const { snapshots } = stored;
  const hours = new Map(stored.hours.rows.map((row) => [`${row.day} ${row.hour}`, row]));
  const days = new Map(stored.days.rows.map((row) => [row.day, row]));
  let next = 0;
  const takeUntil = (end: number): boolean => {
    const first = next;
    for (let shot = snapshots[next]; shot !== undefined && shot.at < end; shot = snapshots[++next])
      points.push(shot);
    return next > first;
  };
  const last = localDay(to * 1000, zone);
  for (let day = localDay(from * 1000, zone); day <= last; day = addDays(day, 1)) {
    const end = startOfDay(addDays(day, 1), zone) / 1000;
    if (isWithin(day, stored.hours)) {
      let sum = nothing;
      for (let hour = 0; hour < 24; hour++) {
        sum = add(sum, hours.get(`${day} ${hour}`) ?? nothing);
        // The last second of a day still belongs to it.
        const at = hour === 23 ? end - 1 : instantOf(day, (hour + 1) * 60, zone) / 1000;
        const hasShots = takeUntil(at);
        if (!hasShots && at >= from && at <= to && at > (points.at(-1)?.at ?? 0))
          points.push(point(at, hourSpan, sum, currency));
      }
      takeUntil(end);
    } else if (!takeUntil(end) && end - 1 <= to) {
      const whole = days.get(day) ?? (isWithin(day, stored.days) ? nothing : undefined);
      if (whole !== undefined)
        points.push(point(end - 1, end - startOfDay(day, zone) / 1000, whole, currency));
    }
  }
  takeUntil(Infinity);
  return points;
}

/** One point a day, at the day's beginning; `today` is the day that still runs. */
export function dayPoints(
  days: StoredHistory['days'],
  today: { day: string; at: number; figures: Figures } | null,
  { zone, currency, from, to }: Window,
): HistoryPoint[] {
  const known = new Map(days.rows.map((row) => [row.day, row]));
  const points: HistoryPoint[] = [];
  const last = localDay(to * 1000, zone);
  for (let day = localDay(from * 1000, zone); day <= last; day = addDays(day, 1)) {
    const figures =
      (today?.day === day ? today.figures : undefined) ??
      known.get(day) ??
      (isWithin(day, days) ? nothing : undefined);
    if (figures !== undefined) points.push(point(startOfDay(day, zone) / 1000, daySpan, figures, currency));
  }
  return points;
}

const isWithin = (day: string, { from, to }: { from: string | null; to: string | null }) =>
  from !== null && to !== null && day >= from && day <= to;

function add(one: Figures, other: Figures): Figures {
  return {
    spendMinor: one.spendMinor + other.spendMinor,
    clicks: one.clicks + other.clicks,
    outboundClicks: one.outboundClicks + other.outboundClicks,
  };
}
