/** The account's activity log, derived from its course: status changes, money events, rejected ads. */
import { instantOf, localDay } from './calendar.ts';
import { limitFactorAt, momentOf, statusAt, turningPoints, type AccountHistory } from './history.ts';
import { rejectedOnDay } from './ads.ts';
import { lifetimeSpend, momentBehind, naturalCap, spendOnDay } from './spend.ts';
import { Status } from './status.ts';

export interface Activity {
  readonly eventType: string;
  readonly atMs: number;
  readonly extra: Readonly<Record<string, unknown>>;
}

const TITLES: Readonly<Record<string, string>> = {
  ad_account_update_status: 'Account status updated',
  ad_account_update_spend_limit: 'Account spending limit updated',
  ad_account_reset_spend_limit: 'Account spending limit reset',
  ad_account_billing_charge_failed: 'Charge failed',
  funding_event_successful: 'Account charged',
  ad_review_declined: 'Ad review declined',
};

/** A cap step is found to the minute. */
const MINUTE_SHARE = 1 / 1440;
/** Some milliseconds, in days: enough to stand on either side of a turning point. */
const BEFORE = 1e-7;

/** People's words for an event type. */
export function activityTitle(eventType: string): string {
  return TITLES[eventType] ?? eventType;
}

/** What happened between two instants, newest first; the first instant is included, the last is not. */
export function activitiesBetween(history: AccountHistory, fromMs: number, toMs: number): Activity[] {
  const { traits } = history;
  const from = Math.max(traits.createdDay, momentOf(traits, fromMs));
  const to = momentOf(traits, toMs);
  if (!(from < to)) return [];
  const points = turningPoints(history, from - BEFORE, to);
  const events = [
    ...[...new Set(points)].flatMap((point) => turnEvents(history, point)),
    ...dayEvents(history, Math.floor(from), localDay(traits.market.zone, toMs)),
    ...resetEvents(history),
  ];
  return events
    .filter((event) => event.atMs >= fromMs && event.atMs < toMs)
    .sort((one, other) => other.atMs - one.atMs);
}

/** Status and cap changes at one turning point. */
function turnEvents(history: AccountHistory, point: number): Activity[] {
  const atMs = instantOf(history.traits.market.zone, point);
  const before = statusAt(history, point - BEFORE);
  const after = statusAt(history, point + BEFORE);
  const events: Activity[] = [];
  if (before.status !== after.status) {
    const extra = { old_value: before.status, new_value: after.status, disable_reason: after.disableReason };
    events.push({ eventType: 'ad_account_update_status', atMs, extra });
    const wasUnpaid = isUnpaid(before.status);
    if (isUnpaid(after.status) && !wasUnpaid) {
      events.push({
        eventType: 'ad_account_billing_charge_failed',
        atMs,
        extra: { new_value: after.status },
      });
    }
    if (wasUnpaid && after.status === Status.active) {
      events.push({ eventType: 'funding_event_successful', atMs, extra: { new_value: after.status } });
    }
  }
  const factors = [limitFactorAt(history, point - BEFORE), limitFactorAt(history, point + BEFORE)] as const;
  if (history.traits.topUpMinor > 0 && factors[0] !== factors[1]) {
    const cap = naturalCap(history.traits, lifetimeSpend(history, momentBehind(point)));
    events.push(capEvent(atMs, Math.floor(cap * factors[0]), Math.floor(cap * factors[1]), history));
  }
  return events;
}

/** Top-ups of the cap and rejections, one day after the other. */
function dayEvents(history: AccountHistory, firstDay: number, lastDay: number): Activity[] {
  const { traits } = history;
  const events: Activity[] = [];
  let spent = lifetimeSpend(history, { day: firstDay, share: 0 });
  for (let day = firstDay; day <= lastDay; day++) {
    const spentAfter = spent + spendOnDay(history, day, 1);
    const [before, after] = [naturalCap(traits, spent), naturalCap(traits, spentAfter)];
    if (after !== before) {
      const step = capStep((share) => naturalCap(traits, spent + spendOnDay(history, day, share)) !== before);
      events.push(capEvent(instantOf(traits.market.zone, day + step), before, after, history));
    }
    const declined = rejectedOnDay(history, day) - rejectedOnDay(history, day - 1);
    if (declined > 0) {
      const atMs = instantOf(traits.market.zone, day);
      events.push({ eventType: 'ad_review_declined', atMs, extra: { ads: declined } });
    }
    spent = spentAfter;
  }
  return events;
}

/** The share of a day from which on its cap is another one. */
function capStep(hasStepped: (share: number) => boolean): number {
  let low = 0;
  let high = 1;
  while (high - low > MINUTE_SHARE) {
    const middle = (low + high) / 2;
    if (hasStepped(middle)) high = middle;
    else low = middle;
  }
  return low;
}

function resetEvents(history: AccountHistory): Activity[] {
  return history.placed
    .filter((one) => one.effect.resetsAmountSpent)
    .map((one) => ({
      eventType: 'ad_account_reset_spend_limit',
      atMs: one.effect.fromMs,
      extra: { new_value: 0 },
    }));
}

function capEvent(atMs: number, before: number, after: number, history: AccountHistory): Activity {
  const extra = { old_value: before, new_value: after, currency: history.traits.market.currency };
  return { eventType: 'ad_account_update_spend_limit', atMs, extra };
}

function isUnpaid(status: number): boolean {
  return status === Status.unsettled || status === Status.gracePeriod;
}
