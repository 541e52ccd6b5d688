/** The world: (seed, instant, interventions) -> the state of every account. Nothing is stored; a memory only saves work. */
import { accountTraits, type AccountTraits } from './account-traits.ts';
import { localDay, localMoment, type LocalMoment } from './calendar.ts';
import { addDelivery, deliveryOf, NO_DELIVERY, subtractDelivery, type Delivery } from './delivery.ts';
import { intervene, layOut, limitAt, momentOf, statusAt, type AccountHistory } from './history.ts';
import type { Intervention } from './intervention.ts';
import { amountSpent, lifetimeSpend, momentBehind, naturalCap, spendCap, spendOnDay } from './spend.ts';
import { vendorsOf, type Vendor } from './vendors.ts';

/** Insights and amounts move only at these marks. */
export const REFRESH_MS = 15 * 60_000;

export interface Fleet {
  readonly seed: number;
  readonly size: number;
  readonly vendors: readonly Vendor[];
  /** Every account, 0..size-1. */
  readonly indices: readonly number[];
  traits(index: number): AccountTraits;
  indexOf(accountId: string): number | undefined;
  /** The account's course, laid out at least to the instant. */
  history(index: number, instantMs: number, interventions: readonly Intervention[]): AccountHistory;
}

export interface AccountState {
  readonly status: number;
  readonly disableReason: number;
  /** Daily limit in major units, -1 = none, undefined = not told. */
  readonly dailyLimit: number | undefined;
  readonly isLimitRejected: boolean;
  readonly amountSpentMinor: number;
  /** 0 = no cap. */
  readonly spendCapMinor: number;
  readonly balanceMinor: number;
}

interface Remembered {
  readonly interventions: readonly Intervention[];
  readonly history: AccountHistory;
}

/** Builds a fleet of a size; costs nothing until an account is asked for. */
export function createFleet(seed: number, size: number): Fleet {
  const vendors = vendorsOf(seed);
  const known: (AccountTraits | undefined)[] = [];
  const remembered = new Map<number, Remembered>();
  let byId: Map<string, number> | undefined;
  const traits = (index: number): AccountTraits => (known[index] ??= accountTraits(seed, index, vendors));
  const indices = Array.from({ length: size }, (_, index) => index);
  return {
    seed,
    size,
    vendors,
    traits,
    indices,
    indexOf: (accountId) =>
      (byId ??= new Map(indices.map((index) => [traits(index).accountId, index]))).get(accountId),
    history(index, instantMs, interventions) {
      const last = remembered.get(index);
      const day = localDay(traits(index).market.zone, instantMs);
      if (last && last.interventions === interventions && last.history.untilDay > day) return last.history;
      const history = historyOf(traits(index), day, interventions);
      remembered.set(index, { interventions, history });
      return history;
    },
  };
}

/** The course of one account under interventions, laid out at least to an account-day. */
export function historyOf(
  traits: AccountTraits,
  day: number,
  interventions: readonly Intervention[],
): AccountHistory {
  return interventions.reduce(
    (history, effect) => intervene(history, effect, exhaustsCap(history, effect)),
    layOut(traits, day),
  );
}

/** The state of one account at an instant. */
export function stateAt(history: AccountHistory, instantMs: number): AccountState {
  const { traits } = history;
  const now = momentOf(traits, instantMs);
  const { status, disableReason } = statusAt(history, now);
  const measured = measuredMoment(traits, instantMs);
  const amountSpentMinor = amountSpent(history, measured, now);
  const forced = history.placed.findLast((one) => one.effect.limitAnswer && one.from <= now && now < one.to);
  const answer = forced?.effect.limitAnswer ?? traits.limitAnswer;
  return {
    status,
    disableReason,
    dailyLimit: answer === 'number' ? limitAt(history, now) : answer === 'unlimited' ? -1 : undefined,
    isLimitRejected: answer === 'rejected',
    amountSpentMinor,
    spendCapMinor: spendCap(history, measured, now),
    balanceMinor: balanceOf(traits, status, amountSpentMinor),
  };
}

/** Delivery of one account-day as far as it is measured at an instant; a day to come has none. */
export function dayDelivery(history: AccountHistory, day: number, instantMs: number): Delivery {
  return partDelivery(history, day, instantMs, 0, 1);
}

/** Delivery of one hour (0..23) of an account-day. */
export function hourDelivery(
  history: AccountHistory,
  day: number,
  hour: number,
  instantMs: number,
): Delivery {
  return partDelivery(history, day, instantMs, hour / 24, (hour + 1) / 24);
}

/** Delivery of several account-days, both ends included. */
export function rangeDelivery(
  history: AccountHistory,
  from: number,
  to: number,
  instantMs: number,
): Delivery {
  let sum = NO_DELIVERY;
  const last = Math.min(to, measuredMoment(history.traits, instantMs).day);
  for (let day = Math.max(from, history.traits.createdDay); day <= last; day++) {
    sum = addDelivery(sum, dayDelivery(history, day, instantMs));
  }
  return sum;
}

/** The last refresh before an instant, on the account's calendar. */
function measuredMoment(traits: AccountTraits, instantMs: number): LocalMoment {
  return localMoment(traits.market.zone, Math.floor(instantMs / REFRESH_MS) * REFRESH_MS);
}

function partDelivery(
  history: AccountHistory,
  day: number,
  instantMs: number,
  from: number,
  to: number,
): Delivery {
  const { traits } = history;
  const measured = measuredMoment(traits, instantMs);
  const passed = day < measured.day ? 1 : day === measured.day ? measured.share : 0;
  const upTo = (share: number): Delivery =>
    deliveryOf(traits, day, spendOnDay(history, day, Math.min(share, passed)));
  return from === 0 ? upTo(to) : subtractDelivery(upTo(to), upTo(from));
}

/** What is owed since the last charge; an unpaid charge (3, 9) stays on top. */
function balanceOf(traits: AccountTraits, status: number, spentMinor: number): number {
  if (traits.isPrepaid) return 0;
  const threshold = Math.max(1, Math.floor(traits.baseCpcMinor * 800));
  return (spentMinor % threshold) + (status === 3 || status === 9 ? threshold : 0);
}

function exhaustsCap(history: AccountHistory, effect: Intervention): boolean {
  if (effect.limitFactor === undefined || history.traits.topUpMinor === 0) return false;
  const from = momentOf(history.traits, effect.fromMs);
  const moment = momentBehind(from);
  const lifetime = lifetimeSpend(history, moment);
  return naturalCap(history.traits, lifetime) * effect.limitFactor <= amountSpent(history, moment, from);
}
