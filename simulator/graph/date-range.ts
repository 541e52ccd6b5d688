/** Date presets and time ranges, in days of the account's own calendar. */
import { parseDay } from '../world/calendar.ts';
import { badParameter, GraphError } from './errors.ts';

export interface DayRange {
  /** Both ends included. */
  readonly from: number;
  readonly to: number;
}

const MAX_MONTHS_BACK = 37;

/** The days that a request asks for; 30 days by default, as Meta does. */
export function dayRangeOf(params: URLSearchParams, today: number, createdDay: number): DayRange {
  const range = params.get('time_range');
  if (range !== null) return parseRange(range, today);
  const preset = params.get('date_preset') ?? 'last_30d';
  const days = /^last_(3|7|14|28|30|90)d$/.exec(preset)?.[1];
  if (days !== undefined) return { from: today - Number(days), to: today - 1 };
  const find = PRESETS[preset];
  if (!find) throw badParameter(`Param date_preset must be one of {today, yesterday, ...}, not ${preset}`);
  return find(today, createdDay);
}

const PRESETS: Readonly<Record<string, (today: number, createdDay: number) => DayRange>> = {
  today: (today) => ({ from: today, to: today }),
  yesterday: (today) => ({ from: today - 1, to: today - 1 }),
  maximum: (today, createdDay) => ({ from: createdDay, to: today }),
  data_maximum: (today, createdDay) => ({ from: createdDay, to: today }),
  this_month: (today) => ({ from: monthStart(today, 0), to: today }),
  last_month: (today) => ({ from: monthStart(today, -1), to: monthStart(today, 0) - 1 }),
  this_quarter: (today) => ({ from: monthStart(today, -(month(today) % 3)), to: today }),
  last_quarter: (today) => ({
    from: monthStart(today, -(month(today) % 3) - 3),
    to: monthStart(today, -(month(today) % 3)) - 1,
  }),
  this_year: (today) => ({ from: monthStart(today, -month(today)), to: today }),
  last_year: (today) => ({
    from: monthStart(today, -month(today) - 12),
    to: monthStart(today, -month(today)) - 1,
  }),
  this_week_mon_today: (today) => ({ from: today - weekday(today), to: today }),
  this_week_sun_today: (today) => ({ from: today - ((weekday(today) + 1) % 7), to: today }),
  last_week_mon_sun: (today) => ({ from: today - weekday(today) - 7, to: today - weekday(today) - 1 }),
  last_week_sun_sat: (today) => {
    const sunday = today - ((weekday(today) + 1) % 7);
    return { from: sunday - 7, to: sunday - 1 };
  },
};

function parseRange(text: string, today: number): DayRange {
  const { since, until } = parseRangeText(text);
  const [from, to] = [parseDay(since), parseDay(until)];
  if (from === undefined || to === undefined)
    throw badParameter('time_range must hold since and until as YYYY-MM-DD');
  if (from > to) throw badParameter('time_range: since must not be after until');
  if (from < monthStart(today, -MAX_MONTHS_BACK)) {
    throw new GraphError(
      '(#3018) The start date of the time range cannot be beyond 37 months from the current date',
      {
        status: 400,
        code: 3018,
      },
    );
  }
  return { from, to };
}

function parseRangeText(text: string): { since: string; until: string } {
  let range: unknown;
  try {
    range = JSON.parse(text);
  } catch {
    range = undefined;
  }
  if (typeof range === 'object' && range !== null && 'since' in range && 'until' in range) {
    return { since: String(range.since), until: String(range.until) };
  }
  throw badParameter('time_range must be a JSON object with since and until');
}

function dateOf(day: number): Date {
  return new Date(day * 86_400_000);
}

/** 0 = January. */
function month(day: number): number {
  return dateOf(day).getUTCMonth();
}

function monthStart(day: number, months: number): number {
  const date = dateOf(day);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / 86_400_000;
}

/** 0 = Monday; day 0 was a Thursday. */
function weekday(day: number): number {
  return (day + 3) % 7;
}
