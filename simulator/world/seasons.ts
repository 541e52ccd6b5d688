/** The lives of an account: from a start through growing trust to a ban, and back on appeal. In account-days. */
import type { AccountTraits } from './account-traits.ts';
import { between, chance, Draw, exponential, hash } from './random.ts';

export interface Season {
  /** Fractional account-days. */
  readonly start: number;
  readonly ban: number;
  readonly restored: number;
  readonly disableReason: number;
  /** Warning signs that come before this ban. */
  readonly hasReview: boolean;
  readonly hasPaymentTrouble: boolean;
  /** Days before the ban at which Meta halves the limit; 0 = it does not. */
  readonly cutLeadDays: number;
}

const FRAGILE_CYCLE_DAYS = 12;
const FRAGILE_DOWN_DAYS = 3.6;
const SHOCK_WINDOW_DAYS = 60;
const PAYMENT_RISK = 3;
/** Policy, payment, business integrity, the Business Manager's own fall, a hacked account. */
const REASONS = [1, 1, 1, 1, 1, PAYMENT_RISK, PAYMENT_RISK, 6, 11, 15] as const;

/** The seasons that have begun by a day, in order. */
export function seasonsUntil(traits: AccountTraits, untilDay: number): Season[] {
  const seasons: Season[] = [];
  let start: number = traits.createdDay;
  for (let number = 0; start <= untilDay; number++) {
    const season =
      traits.fate === 'fragile' ? fragileSeason(traits, start, number) : plainSeason(traits, start, number);
    seasons.push(season);
    start = season.restored;
  }
  return seasons;
}

/** Four fragile accounts of a block take turns, so that one or two of thirty are down on any day. */
function fragileSeason(traits: AccountTraits, start: number, number: number): Season {
  const firstDay = hash(traits.seed, Draw.cycle) % FRAGILE_CYCLE_DAYS;
  const phase = firstDay + (traits.turn * FRAGILE_CYCLE_DAYS) / 4;
  const cycle = Math.ceil((start + 1 - phase) / FRAGILE_CYCLE_DAYS);
  const turn = phase + cycle * FRAGILE_CYCLE_DAYS;
  const ban = turn + between(0, 0.4, traits.seed, Draw.season, traits.index, cycle);
  return seasonOf(traits, start, ban, turn + FRAGILE_DOWN_DAYS, number);
}

function plainSeason(traits: AccountTraits, start: number, number: number): Season {
  const { seed, index } = traits;
  const own = start + 2 + exponential(1 / traits.dailyHazard, seed, Draw.season, index, number);
  const ban = Math.min(own, siblingBan(traits, start, own));
  const restored = ban + between(0.5, 4, seed, Draw.banLength, index, number);
  return seasonOf(traits, start, ban, restored, number);
}

function seasonOf(
  traits: AccountTraits,
  start: number,
  ban: number,
  restored: number,
  number: number,
): Season {
  const { seed, index } = traits;
  const draw = (topic: number, part = 0): number => chance(seed, topic, index, number, part);
  const reason = REASONS[Math.floor(draw(Draw.banReason) * REASONS.length)] ?? 1;
  const isCut = draw(Draw.warning) < 0.45;
  return {
    start,
    ban,
    restored,
    disableReason: reason,
    hasReview: draw(Draw.warning, 1) < 0.3,
    hasPaymentTrouble: reason === PAYMENT_RISK,
    cutLeadDays: isCut ? 1 + Math.floor(draw(Draw.warning, 2) * 4) : 0,
  };
}

/** The first ban that an account catches from its siblings between two days, or never. */
function siblingBan(traits: AccountTraits, from: number, until: number): number {
  const { seed, index, siblingGroup } = traits;
  const first = Math.floor(from / SHOCK_WINDOW_DAYS);
  const last = Math.floor(until / SHOCK_WINDOW_DAYS);
  for (let window = first; window <= last; window++) {
    if (chance(seed, Draw.shock, siblingGroup, window) > 0.06 * traits.vendor.risk) continue;
    const moment = (window + chance(seed, Draw.shock, siblingGroup, window, 1)) * SHOCK_WINDOW_DAYS;
    const isHit = chance(seed, Draw.shock, index, window, 2) < 0.5;
    const ban = moment + exponential(0.7, seed, Draw.shock, index, window, 3);
    if (isHit && ban > from + 1) return ban;
  }
  return Infinity;
}
