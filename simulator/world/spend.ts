/** Money: what an account has spent by a moment of a day and in its life. Integers of the minor unit. */
import type { AccountTraits } from './account-traits.ts';
import type { LocalMoment } from './calendar.ts';
import { dayCurve, metDemand } from './day-curve.ts';
import { deliversAt, limitFactorAt, turningPoints, type AccountHistory } from './history.ts';
import { limitOnDay } from './limit-growth.ts';
import { minorPerMajor } from './money.ts';
import { between, Draw, hash } from './random.ts';

/** Monday first; people buy less at the weekend. Day 0 of the calendar was a Thursday. */
const WEEKDAYS = [1.02, 1.04, 1.03, 1.01, 1.0, 0.93, 0.9];
const IDLE_CYCLE_DAYS = 40;
const BUSY_DAYS = 12;

/** Spend of an account-day up to a share (0..1) of it; share 1 is the closed day. */
export function spendOnDay(history: AccountHistory, day: number, share: number): number {
  const { traits } = history;
  if (day < traits.createdDay || share <= 0) return 0;
  if (traits.fate === 'idle' && isIdle(traits, day)) return 0;
  const limit = limitOnDay(traits, history.seasons, day);
  const demand = demandOnDay(traits, day, limit);
  const points = turningPoints(history, day, day + share);
  if (points.length === 0 && share === 1) {
    return deliversAt(history, day + 0.5) ? Math.floor(Math.min(demand, ceilingAt(history, day, limit))) : 0;
  }
  const curve = dayCurve(traits.seed, traits.index, day);
  let spent = 0;
  let from: number = day;
  for (const to of [...points, day + share]) {
    const middle = (from + to) / 2;
    if (deliversAt(history, middle)) {
      const more = demand * (metDemand(curve, to - day) - metDemand(curve, from - day));
      spent = Math.max(spent, Math.min(ceilingAt(history, middle, limit), spent + more));
    }
    from = to;
  }
  return Math.floor(spent);
}

/** Everything spent since the account exists, up to a moment. */
export function lifetimeSpend(history: AccountHistory, moment: LocalMoment): number {
  const { closed, traits } = history;
  const isBehind = closed.day > moment.day;
  let sum = isBehind ? 0 : closed.spendMinor;
  for (let day = isBehind ? traits.createdDay : closed.day; day < moment.day; day++)
    sum += spendOnDay(history, day, 1);
  if (!isBehind) {
    closed.day = moment.day < traits.createdDay ? traits.createdDay : moment.day;
    closed.spendMinor = sum;
  }
  return sum + spendOnDay(history, moment.day, moment.share);
}

/** What counts against the spend cap as measured: everything since the counter was last reset before `now`. */
export function amountSpent(history: AccountHistory, measured: LocalMoment, now: number): number {
  const reset = history.placed.findLast((one) => one.effect.resetsAmountSpent && one.from <= now);
  const spent = lifetimeSpend(history, measured);
  // A reset shows at once, while spend is only measured at the quarter hours.
  return reset ? spent - Math.min(spent, lifetimeSpend(history, momentBehind(reset.from))) : spent;
}

/** The lifetime cap, 0 = none: its owner tops it up whenever the reserve is reached; a cut shows at once. */
export function spendCap(history: AccountHistory, measured: LocalMoment, now: number): number {
  if (history.traits.topUpMinor === 0) return 0;
  const natural = naturalCap(history.traits, lifetimeSpend(history, measured));
  return Math.floor(natural * limitFactorAt(history, now));
}

/** The cap that belongs to a lifetime spend when nobody interferes. */
export function naturalCap(traits: AccountTraits, lifetimeMinor: number): number {
  if (traits.topUpMinor === 0) return 0;
  return traits.topUpMinor * (Math.floor(lifetimeMinor / traits.topUpMinor + traits.capReserve) + 1);
}

/** A fractional account-day as day and share. */
export function momentBehind(moment: number): LocalMoment {
  const day = Math.floor(moment);
  return { day, share: moment - day };
}

/** The most that a day may cost under the limit that holds at a moment of it. */
function ceilingAt(history: AccountHistory, moment: number, naturalLimit: number): number {
  const { limitAnswer, market } = history.traits;
  if (limitAnswer === 'unlimited') return Infinity;
  return Math.floor(naturalLimit * limitFactorAt(history, moment)) * minorPerMajor(market.currency);
}

function demandOnDay(traits: AccountTraits, day: number, limit: number): number {
  const weekday = WEEKDAYS[(((day + 3) % 7) + 7) % 7] ?? 1;
  const noise = between(0.86, 1.14, traits.seed, Draw.dayNoise, traits.index, day);
  return limit * minorPerMajor(traits.market.currency) * traits.appetite * weekday * noise;
}

/** Two idle accounts of a block rest in turns, so that one of them always does. */
export function isIdle(traits: AccountTraits, day: number): boolean {
  const shared = hash(traits.seed, Draw.cycle, 2) % IDLE_CYCLE_DAYS;
  return (day + shared + (traits.turn * IDLE_CYCLE_DAYS) / 2) % IDLE_CYCLE_DAYS >= BUSY_DAYS;
}
