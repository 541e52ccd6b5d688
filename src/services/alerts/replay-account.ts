import { addDays, type ZoneSpan } from '../../domain/calendar.ts';
import type { DailyLimit, SpendCap } from '../../domain/pace.ts';
import {
  afterOf,
  holdsAt,
  isBlind,
  isStandingStill,
  stepCondition,
  type ConditionCount,
  type FigureKind,
  type SlotFacts,
} from '../../domain/conditions.ts';
import type { TunedRule } from '../../domain/rules.ts';
import { isDown } from '../../domain/status.ts';
import type { SightChange } from '../../store/backtest.ts';
import { curve } from '../../store/conditions.ts';
import type { DayRow, SnapshotRow, StandingRow } from '../../store/history.ts';
import { slotInstant, slotSeconds } from '../../store/snapshots.ts';
import type { SpanOf } from './slot-facts.ts';

/** What is stored of one account's past, each list oldest first. */
export interface Past {
  currency: string;
  timezone: string;
  snapshots: readonly SnapshotRow[];
  standings: readonly StandingRow[];
  sight: readonly SightChange[];
  days: readonly DayRow[];
  /** By day, the spend of each hour; and which days of hours are known. */
  hours: ReadonlyMap<string, readonly number[]>;
  hoursKnown: { from: string; to: string } | null;
}

/** When a rule would have fired for an account (epoch ms), and what it had to go by. */
export interface Replayed {
  firings: number[];
  /** Slots that were judged, and those of them in which nobody could tell. */
  judged: number;
  unknown: number;
}

const hourSeconds = 3600;

/** Plays one account's slots again under a rule about its figures, by the same steps as the live judgement. */
export function replayFigures<K extends FigureKind>(
  past: Past,
  rule: TunedRule<K>,
  spanOf: SpanOf,
): Replayed {
  const at = new Pointers(past);
  const ruleOf = (() => rule) as <Any extends FigureKind>(kind: Any) => TunedRule<Any>;
  const weeks = weeksOf(past.days);
  const usual = usualHours(past);
  const result: Replayed = { firings: [], judged: 0, unknown: 0 };
  let count: ConditionCount | null = null;
  let before: SnapshotRow | null = null;
  for (const now of past.snapshots) {
    const instant = slotInstant(now.slot);
    const standing = at.standing(instant);
    const last: SnapshotRow | null = before;
    before = now;
    if (at.isOut(instant) || isDown(standing?.statusCode ?? null)) {
      count = null;
      continue;
    }
    const span = spanOf(instant, past.timezone);
    // Written out flat: every slot of a month passes here, and spreading costs more than all the judging.
    const facts: SlotFacts = {
      currency: past.currency,
      span,
      usualHourMinor: null,
      spendMinor: now.spendMinor,
      amountSpentMinor: now.amountSpentMinor,
      clicks: now.clicks,
      before: last === null || now.slot - last.slot > hourSeconds ? null : beforeOf(last, instant, span),
      statusCode: standing?.statusCode ?? null,
      activeAds: standing?.activeAds ?? null,
      limit: at.limit,
      spendCap: at.spendCap,
      week: weeks(span.day),
    };
    if (rule.kind === 'stuck_delivery' && isStandingStill(facts) === true)
      facts.usualHourMinor = usual(span.day, span.hour);
    const holds = holdsAt(rule.kind, facts, ruleOf);
    result.judged++;
    if (holds === null) result.unknown++;
    const next: ConditionCount | null = stepCondition(count, holds, now.slot, afterOf(rule));
    if (next?.isOpen === true && count?.isOpen !== true) result.firings.push(instant);
    count = next;
  }
  return result;
}

function beforeOf(last: SnapshotRow, instant: number, span: ZoneSpan): SlotFacts['before'] {
  const { spendMinor, amountSpentMinor, clicks, slot } = last;
  return { spendMinor, amountSpentMinor, clicks, isSameDay: slotInstant(slot) >= instant - span.elapsedMs };
}

/** A metrics cycle of the past: the instant of its slot, when it ended, and whether people knew of its failing by then. */
export interface PastCycle {
  slotAt: number;
  finishedAt: number;
}

/** The same for the blind spot: at each cycle that ran, how long ago the account's figures had been read. */
export function replaySight(
  past: Pick<Past, 'snapshots' | 'standings' | 'sight'>,
  account: { addedAt: number; from: number },
  cycles: readonly PastCycle[],
  metricsMs: number,
  isTold: (at: number) => boolean,
  rule: TunedRule<'blind_spot'>,
): Replayed {
  const at = new Pointers(past);
  const result: Replayed = { firings: [], judged: 0, unknown: 0 };
  let count: ConditionCount | null = null;
  let read = 0;
  for (const { slotAt, finishedAt } of cycles) {
    if (finishedAt < account.addedAt) continue;
    while (read < past.snapshots.length && slotInstant(past.snapshots[read]?.slot ?? 0) <= slotAt) read++;
    if (at.isOut(slotAt) || isDown(at.standing(slotAt)?.statusCode ?? null)) {
      count = null;
      continue;
    }
    const last = past.snapshots[read - 1];
    const seenAt = last !== undefined ? slotInstant(last.slot) : account.addedAt;
    // What was read before the stretch began is not looked up.
    const isUnknown = (last === undefined && account.addedAt < account.from) || isTold(finishedAt);
    const unseen = Math.round((slotAt - Math.floor(seenAt / metricsMs) * metricsMs) / metricsMs);
    const holds = isUnknown ? null : isBlind(unseen, rule);
    result.judged++;
    if (isUnknown) result.unknown++;
    const next: ConditionCount | null = stepCondition(count, holds, slotSeconds(slotAt), afterOf(rule));
    if (next?.isOpen === true && count?.isOpen !== true) result.firings.push(slotAt);
    count = next;
  }
  return result;
}

/** Goes along with the slots through what changes seldom. */
class Pointers {
  #standing = -1;
  #sight = -1;
  limit: DailyLimit = { minor: null, source: 'unknown' };
  spendCap: SpendCap = { minor: null, source: 'unknown' };

  constructor(readonly past: Pick<Past, 'standings' | 'sight'>) {}

  /** What stood at an instant, with limit and cap beside it; instants only go forward. */
  standing(at: number): StandingRow | null {
    const { standings } = this.past;
    for (let next = standings[this.#standing + 1]; next !== undefined && next.since <= at;) {
      this.limit = { minor: next.dailyLimitMinor, source: next.dailyLimitSource };
      this.spendCap = { minor: next.spendCapMinor, source: next.spendCapSource };
      next = standings[++this.#standing + 1];
    }
    return standings[this.#standing] ?? null;
  }

  isOut(at: number): boolean {
    const { sight } = this.past;
    while ((sight[this.#sight + 1]?.at ?? Infinity) <= at) this.#sight++;
    return sight[this.#sight]?.isOut ?? false;
  }
}

/** Tells the sums of the 7 account-days before a day; each day's are added up once. */
function weeksOf(days: readonly DayRow[]): (day: string) => SlotFacts['week'] {
  const byDay = new Map(days.map((row) => [row.day, row]));
  let [known, week]: [string, SlotFacts['week']] = ['', null];
  return (day) => {
    if (day === known) return week;
    const before = Array.from({ length: 7 }, (_, n) => byDay.get(addDays(day, -n - 1)) ?? []).flat();
    const sum = (pick: (row: DayRow) => number) => before.reduce((total, row) => total + pick(row), 0);
    week =
      before.length === 0 ? null : { spendMinor: sum((d) => d.spendMinor), clicks: sum((d) => d.clicks) };
    known = day;
    return week;
  };
}

/** Tells what the account spends in an hour of the day on average, as `readUsualHours` does live; each hour is added up once. */
function usualHours({ hours, hoursKnown }: Past): (day: string, hour: number) => number | null {
  let [knownDay, knownHour, usual]: [string, number, number | null] = ['', -1, null];
  return (day, hour) => {
    if (hoursKnown === null || (day === knownDay && hour === knownHour)) return usual;
    let [sum, known] = [0, 0];
    for (let back = curve.lag; back < curve.lag + curve.days; back++) {
      const earlier = addDays(day, -back);
      if (earlier < hoursKnown.from || earlier > hoursKnown.to) continue;
      sum += hours.get(earlier)?.[hour] ?? 0;
      known++;
    }
    [knownDay, knownHour, usual] = [day, hour, known >= curve.least ? sum / known : null];
    return usual;
  };
}
