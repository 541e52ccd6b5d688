import type { ZoneSpan } from './calendar.ts';
import { deriveFundsEta, deriveFundsLeft, type DailyLimit, type SpendCap } from './pace.ts';
import { floorMinor, type TunedRule } from './rules.ts';
import { isDown } from './status.ts';

/** Conditions that hold for a while, judged slot by slot. They answer null while something is unknown: no opening, no end. */

export const conditionKinds = ['funds_low', 'cpc_jump', 'stuck_delivery', 'blind_spot'] as const;
export type ConditionKind = (typeof conditionKinds)[number];
export type FigureKind = Exclude<ConditionKind, 'blind_spot'>;

/** The figures of one slot, minor units; unknown is null. */
interface SlotFigures {
  spendMinor: number | null;
  amountSpentMinor: number | null;
  clicks: number | null;
}

/** What is known of an account at one slot. */
export interface SlotFacts extends SlotFigures {
  currency: string;
  /** The account-day that the slot lies in, seen from the slot. */
  span: Pick<ZoneSpan, 'elapsedMs' | 'leftMs'>;
  /** The slot before, if it was read within the hour. */
  before: (SlotFigures & { isSameDay: boolean }) | null;
  statusCode: number | null;
  activeAds: number | null;
  limit: DailyLimit;
  spendCap: SpendCap;
  /** Sums of the 7 account-days before. */
  week: { spendMinor: number; clicks: number } | null;
  /** What the account spends in such an hour of the day on average; null = not known, or not asked. */
  usualHourMinor: number | null;
}

/** Whether a condition about figures holds at a slot. Of an account that was down then nothing is said. */
export function holdsAt(kind: FigureKind, facts: SlotFacts, rule: Rules): boolean | null {
  if (isDown(facts.statusCode)) return null;
  switch (kind) {
    case 'funds_low':
      return areFundsLow(facts, rule(kind));
    case 'cpc_jump':
      return hasCpcJumped(facts, rule(kind));
    case 'stuck_delivery':
      return isStuck(facts, rule(kind));
  }
}

type Rules = <K extends FigureKind>(kind: K) => TunedRule<K>;

const hourMs = 3_600_000;

/** The spend cap is nearly used: little of it left, or gone within hours. Too little left to lose opens and ends nothing. */
function areFundsLow(facts: SlotFacts, { thresholds }: TunedRule<'funds_low'>): boolean | null {
  const { spendCap, amountSpentMinor, spendMinor, limit, span, currency } = facts;
  if (spendCap.source === 'none') return false;
  const leftMinor = deriveFundsLeft(spendCap, amountSpentMinor);
  if (leftMinor === null || spendCap.minor === null) return null;
  if (leftMinor < floorMinor(thresholds.floor, currency)) return null;
  if (leftMinor * 100 <= spendCap.minor * thresholds.percent) return true;
  const etaMs = deriveFundsEta(spendMinor, leftMinor, limit, span);
  return etaMs === null ? null : etaMs < thresholds.hours * hourMs;
}

/**
 * A click costs much more than on the days before. Until there are enough clicks nobody can tell, which is so each night; a
 * half day without them is an answer of its own.
 */
function hasCpcJumped(facts: SlotFacts, { thresholds }: TunedRule<'cpc_jump'>): boolean | null {
  const { spendMinor, clicks, week, span, currency } = facts;
  if (spendMinor === null || clicks === null) return null;
  if (clicks < thresholds.clicks || spendMinor < floorMinor(thresholds.floor, currency))
    return span.elapsedMs < span.leftMs ? null : false;
  if (week === null || week.clicks <= 0 || week.spendMinor <= 0) return null;
  return spendMinor * week.clicks * 100 >= week.spendMinor * clicks * (100 + thresholds.percent);
}

/** Nothing is spent where the account's own hours say that something should be. */
function isStuck(facts: SlotFacts, { thresholds }: TunedRule<'stuck_delivery'>): boolean | null {
  const standsStill = isStandingStill(facts);
  if (standsStill !== true) return standsStill;
  if (facts.usualHourMinor === null) return null;
  // In an hour in which it never spends, standing still says nothing.
  return facts.usualHourMinor >= floorMinor(thresholds.floor, facts.currency) && facts.usualHourMinor > 0
    ? true
    : null;
}

/** Whether an account that could spend has spent nothing since the slot before. */
export function isStandingStill(facts: SlotFacts): boolean | null {
  const { statusCode, activeAds, spendCap, amountSpentMinor, spendMinor, limit, before } = facts;
  const hasGrown = grew(before, facts);
  if (hasGrown === true) return false;
  if (statusCode !== null && statusCode !== 1) return false;
  if (activeAds === 0) return false;
  if (deriveFundsLeft(spendCap, amountSpentMinor) === 0) return false;
  // Its day's work is done.
  if (limit.minor !== null && spendMinor !== null && spendMinor >= limit.minor * 0.995) return false;
  if (hasGrown === null || statusCode === null || activeAds === null) return null;
  return spendCap.source === 'unknown' ? null : true;
}

/** Two witnesses: today's spend and the lifetime counter. What was spent just before midnight nobody has seen. */
function grew(before: SlotFacts['before'], now: SlotFigures): boolean | null {
  if (before === null || now.spendMinor === null || before.spendMinor === null) return null;
  const counted = before.amountSpentMinor !== null && now.amountSpentMinor !== null;
  if (counted && (now.amountSpentMinor ?? 0) > (before.amountSpentMinor ?? 0)) return true;
  if (!before.isSameDay) return now.spendMinor > 0 ? true : null;
  return now.spendMinor > before.spendMinor;
}

/**
 * Whether an account goes unread: `unseenSlots` cycles have passed since the last reading that is there of it. Two such
 * cycles in a row open, which makes "more than": see `afterOf`.
 */
export function isBlind(unseenSlots: number, { thresholds }: TunedRule<'blind_spot'>): boolean {
  return unseenSlots >= thresholds.intervals;
}

const blindAfter = 2;

/** How many bad slots in a row open a condition. */
export function afterOf({ thresholds }: TunedRule<ConditionKind>): number {
  const { after = blindAfter }: { after?: number } = thresholds;
  return after;
}

/** How often in a row a condition was seen to hold while closed, or not to hold while open. */
export interface ConditionCount {
  /** The last slot that counted. */
  slot: number;
  bad: number;
  good: number;
  isOpen: boolean;
}

const goodToEnd = 2;

/**
 * One slot's answer: opens after `after` bad ones in a row, ends after two good ones. The same slot again, an earlier one, or
 * an unknown answer changes nothing. Null = nothing to remember.
 */
export function stepCondition(
  previous: ConditionCount | null,
  holds: boolean | null,
  slot: number,
  after: number,
): ConditionCount | null {
  if (holds === null || (previous !== null && slot <= previous.slot)) return previous;
  const { bad, good, isOpen } = previous ?? { bad: 0, good: 0, isOpen: false };
  if (isOpen) {
    if (holds) return { slot, bad, good: 0, isOpen };
    return good + 1 >= goodToEnd ? null : { slot, bad, good: good + 1, isOpen };
  }
  if (!holds) return null;
  return { slot, bad: bad + 1, good: 0, isOpen: bad + 1 >= after };
}
