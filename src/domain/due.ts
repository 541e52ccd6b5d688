import { addDays, utcDay, type ZoneDay } from './calendar.ts';
import type { State } from './status.ts';

/** When things were last read of an account (epoch ms or days of its own zone); null = never. */
export interface ReadState {
  accountNo: number;
  state: State;
  addedAt: number;
  /** Whether the slot's figures are there already. */
  isSlotFilled: boolean;
  /** Meta refused this account's figures to this token; asked again an hour later. */
  deniedAt: number | null;
  metricsAt: number | null;
  adsReadAt: number | null;
  limitReadAt: number | null;
  limitRefusedUntil: number | null;
  detailsReadAt: number | null;
  activitiesReadAt: number | null;
  closedDay: string | null;
  historyFrom: string | null;
  hoursFrom: string | null;
  hoursTo: string | null;
  historyFailedAt: number | null;
}

/** How often things are read, in milliseconds. */
export interface Cadence {
  adsMs: number;
  /** Limits, funding, delivery checks, activity log. */
  hourlyMs: number;
}

/** A stretch of account-days, both ends included. */
interface Days {
  from: string;
  to: string;
}

export interface Wants {
  today: boolean;
  ads: boolean;
  limit: boolean;
  details: boolean;
  closed: Days | null;
  history: Days | null;
  hours: Days | null;
  activities: number | null;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Meta corrects a day after its end; by then most of it is settled. */
const settledAfterMs = 3 * hourMs;
const correctedDays = 3;
const historyDays = 90;
const hourlyDays = 7;
/** Whoever was away for longer makes up no more than this; a page of days holds a hundred. */
const mostMissedDays = 45;
const historyRetryMs = 10 * 60_000;
/** Meta keeps its log for a week by default; each read goes back a little beyond the last one. */
const logKeptMs = 7 * dayMs;
const logOverlapMs = 10 * 60_000;

/**
 * What is due to be read of an account at `at` (epoch ms), which is `today` in its zone. Accounts that deliver nothing any
 * more are read hourly.
 */
export function dueReads(
  account: ReadState,
  at: number,
  { day: today, elapsedMs }: ZoneDay,
  cadence: Cadence,
): Wants {
  const { accountNo } = account;
  const isDown = account.state === 'suspended' || account.state === 'closing' || account.state === 'closed';
  const due = (readAt: number | null, everyMs: number) => isDue(readAt, everyMs, accountNo, at);
  const isDenied = account.deniedAt !== null && at - account.deniedAt < hourMs;
  if (isDenied) return nothing;
  const { adsMs, hourlyMs } = cadence;
  const yesterday = addDays(today, -1);
  const isSettled = elapsedMs >= settledAfterMs;
  // A later day was closed by a clock that was ahead, before its end.
  const isClosable = isSettled && account.closedDay !== yesterday;
  const isUnread = account.historyFailedAt === null || at - account.historyFailedAt >= historyRetryMs;
  const added = utcDay(account.addedAt);
  const history = isUnread ? stretch(account.historyFrom, addDays(added, -historyDays), yesterday) : null;
  // What is not settled yet is left to the night's reading.
  const settled = isSettled ? yesterday : addDays(yesterday, -1);
  const hours = isUnread ? stretch(account.hoursFrom, addDays(added, -hourlyDays), settled) : null;
  return {
    today: !account.isSlotFilled && (!isDown || due(account.metricsAt, hourlyMs)),
    ads: due(account.adsReadAt, isDown ? hourlyMs : adsMs),
    limit: due(account.limitReadAt, hourlyMs) && (account.limitRefusedUntil ?? 0) <= at,
    details: due(account.detailsReadAt, hourlyMs),
    closed: isClosable ? { from: firstOpen(account.closedDay, yesterday), to: yesterday } : null,
    history,
    hours: hours ?? (isUnread && isSettled ? nextHours(account.hoursTo, yesterday) : null),
    activities: due(account.activitiesReadAt, hourlyMs)
      ? Math.max(at - logKeptMs, (account.activitiesReadAt ?? 0) - logOverlapMs)
      : null,
  };
}

const nothing: Wants = {
  today: false,
  ads: false,
  limit: false,
  details: false,
  closed: null,
  history: null,
  hours: null,
  activities: null,
};

/** Backwards from what is there to where the history is to begin; null when it is whole. */
function stretch(readFrom: string | null, wantedFrom: string, yesterday: string): Days | null {
  if (readFrom !== null && readFrom <= wantedFrom) return null;
  const to = readFrom === null ? yesterday : addDays(readFrom, -1);
  return to < wantedFrom ? null : { from: wantedFrom, to };
}

/** The days that Meta may still correct, and before them those that were missed. */
function firstOpen(closedDay: string | null, yesterday: string): string {
  const corrected = addDays(yesterday, 1 - correctedDays);
  if (closedDay === null || closedDay >= corrected) return corrected;
  const next = addDays(closedDay, 1);
  return earliest(yesterday) > next ? earliest(yesterday) : next;
}

/** The day after the last one whose hours are there, one at a time; null when yesterday's are. */
function nextHours(hoursTo: string | null, yesterday: string): Days | null {
  if (hoursTo !== null && hoursTo >= yesterday) return null;
  const next = hoursTo === null ? yesterday : addDays(hoursTo, 1);
  const day = next < earliest(yesterday) ? earliest(yesterday) : next;
  return { from: day, to: day };
}

const earliest = (yesterday: string) => addDays(yesterday, 1 - mostMissedDays);

/** Each account has its own place in the window, so that slow reads spread over it and stay spread. */
function isDue(readAt: number | null, everyMs: number, accountNo: number, at: number): boolean {
  if (readAt === null) return true;
  // Read by a clock that was ahead.
  if (readAt > at) return readAt - at > everyMs;
  const phaseMs = (accountNo * 7_919_000) % everyMs;
  return Math.floor((at - phaseMs) / everyMs) > Math.floor((readAt - phaseMs) / everyMs);
}
