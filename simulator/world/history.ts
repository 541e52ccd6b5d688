/** One account's course over time: status and limit at any moment of its calendar. */
import type { AccountTraits } from './account-traits.ts';
import { localMoment } from './calendar.ts';
import { incidentsUntil, type Incident } from './incidents.ts';
import type { Intervention } from './intervention.ts';
import { limitOnDay } from './limit-growth.ts';
import { seasonsUntil, type Season } from './seasons.ts';
import { delivers, Status } from './status.ts';

/** An intervention on the account's own calendar, in fractional account-days. */
interface PlacedIntervention {
  readonly effect: Intervention;
  readonly from: number;
  readonly to: number;
  /** The lowered spend cap is already used up: nothing is delivered while it holds. */
  readonly exhaustsCap: boolean;
}

export interface AccountHistory {
  readonly traits: AccountTraits;
  readonly seasons: readonly Season[];
  readonly incidents: readonly Incident[];
  readonly placed: readonly PlacedIntervention[];
  /** Every moment at which status or limit may change, in order. */
  readonly turns: readonly number[];
  /** Last account-day for which seasons and incidents are laid out. */
  readonly untilDay: number;
  /** Sum of the closed days before `day`; a memory only, it moves forward with the asking. */
  readonly closed: { day: number; spendMinor: number };
}

export interface StatusAt {
  readonly status: number;
  readonly disableReason: number;
}

const AHEAD_DAYS = 45;

/** Lays out an account's natural course, a while beyond the asked day. */
export function layOut(traits: AccountTraits, day: number): AccountHistory {
  const untilDay = Math.max(day, traits.createdDay) + AHEAD_DAYS;
  const seasons = seasonsUntil(traits, untilDay);
  const incidents = incidentsUntil(traits, seasons, untilDay);
  const closed = { day: traits.createdDay, spendMinor: 0 };
  return { traits, seasons, incidents, placed: [], turns: turnsOf(incidents), untilDay, closed };
}

/** The same course with one more intervention. */
export function intervene(
  history: AccountHistory,
  effect: Intervention,
  exhaustsCap: boolean,
): AccountHistory {
  const placed = [
    ...history.placed,
    {
      effect,
      from: momentOf(history.traits, effect.fromMs),
      to: momentOf(history.traits, effect.toMs),
      exhaustsCap,
    },
  ];
  const turns = turnsOf([...history.incidents, ...placed]);
  return { ...history, placed, turns, closed: { day: history.traits.createdDay, spendMinor: 0 } };
}

/** An instant as a fractional account-day. */
export function momentOf(traits: AccountTraits, instantMs: number): number {
  if (!Number.isFinite(instantMs)) return instantMs;
  const { day, share } = localMoment(traits.market.zone, instantMs);
  return day + share;
}

/** The status at a fractional account-day: what was forced last, else what came by itself. */
export function statusAt(history: AccountHistory, moment: number): StatusAt {
  const forced = history.placed.findLast(
    (one) => one.effect.status !== undefined && one.from <= moment && moment < one.to,
  );
  if (forced) {
    return { status: forced.effect.status ?? Status.active, disableReason: forced.effect.disableReason ?? 0 };
  }
  const incident = history.incidents.find((one) => one.from <= moment && moment < one.to);
  return incident ?? { status: Status.active, disableReason: 0 };
}

/** Whether ads run at a moment. */
export function deliversAt(history: AccountHistory, moment: number): boolean {
  if (history.placed.some((one) => one.exhaustsCap && one.from <= moment && moment < one.to)) return false;
  return delivers(statusAt(history, moment).status);
}

/** What the interventions that hold at a moment make of limit and cap: their factors multiplied. */
export function limitFactorAt(history: AccountHistory, moment: number): number {
  let factor = 1;
  for (const { effect, from, to } of history.placed) {
    if (effect.limitFactor !== undefined && from <= moment && moment < to) factor *= effect.limitFactor;
  }
  return factor;
}

/** Meta's daily limit in whole major units; accounts that Meta does not limit have a hidden one that shapes demand. */
export function limitAt(history: AccountHistory, moment: number): number {
  const natural = limitOnDay(history.traits, history.seasons, Math.floor(moment));
  return Math.floor(natural * limitFactorAt(history, moment));
}

/** The moments strictly between two moments at which status or limit may change, in order. */
export function turningPoints(history: AccountHistory, from: number, to: number): number[] {
  const { turns } = history;
  let low = 0;
  for (let high = turns.length; low < high;) {
    const middle = (low + high) >>> 1;
    if ((turns[middle] ?? Infinity) > from) high = middle;
    else low = middle + 1;
  }
  const points: number[] = [];
  for (let next = turns[low]; next !== undefined && next < to; next = turns[++low]) points.push(next);
  return points;
}

function turnsOf(spans: readonly { from: number; to: number }[]): number[] {
  return spans.flatMap(({ from, to }) => [from, to]).sort((one, other) => one - other);
}
