import type { AccountCard } from '../../contract/account-card.ts';
import { lookOf } from '../account-card/look.ts';
import type { Look } from '../account-card/look.ts';

const severities: readonly Look[] = [
  'suspended',
  'stopped',
  'lost',
  'closing',
  'closed',
  'warning',
  'unknown',
  'active',
];

/** 0 burns most. A stale account stands before those that are known to be well. */
export function severity(card: AccountCard, isStale: boolean): number {
  const rank = severities.indexOf(lookOf(card));
  return rank < severities.length - 1 ? rank : isStale ? rank : rank + 1;
}

/**
 * What could be lost: the funds left, else today's spend. Minor units on purpose: no rate is applied, and the currencies
 * without a fraction are the small ones, so the order of magnitude is fair enough to sort by.
 */
function atRiskMinor(card: AccountCard): number {
  return card.fundsLeftMinor ?? card.spendMinor ?? 0;
}

/** The order the reader sees. It is held: figures change in place, a new order waits. */
export interface HeldOrder {
  ids: readonly string[];
  /** The severity that each account had when it was given its place. */
  ranks: ReadonlyMap<string, number>;
  /** Accounts that were suspended since the last order and came in at the top on their own. */
  entered: readonly string[];
}

/** A fresh order: by severity, then money at risk, then id. */
export function sortCards(cards: readonly AccountCard[], staleIds: ReadonlySet<string>): HeldOrder {
  const ranks = new Map(cards.map((card) => [card.accountId, severity(card, staleIds.has(card.accountId))]));
  const rank = (card: AccountCard) => ranks.get(card.accountId) ?? 0;
  const sorted = [...cards].sort(
    (a, b) => rank(a) - rank(b) || atRiskMinor(b) - atRiskMinor(a) || (a.accountId < b.accountId ? -1 : 1),
  );
  return { ids: sorted.map((card) => card.accountId), ranks, entered: [] };
}

/** The held order for these cards: the gone leave, new ones come last, a new suspension enters at the top. */
export function admitCards(held: HeldOrder, cards: readonly AccountCard[]): HeldOrder {
  const present = new Set<string>(cards.map((card) => card.accountId));
  const entered = cards
    .filter((card) => card.state === 'suspended' && held.ranks.has(card.accountId))
    .map((card) => card.accountId as string)
    .filter((id) => held.ranks.get(id) !== 0);
  const added = cards.map((card) => card.accountId).filter((id) => !held.ranks.has(id));
  const isSame = entered.length === 0 && added.length === 0 && held.ids.every((id) => present.has(id));
  if (isSame) return held;
  const moved = new Set(entered);
  const stayed = held.ids.filter((id) => present.has(id) && !moved.has(id));
  const ranks = new Map([...held.ranks].filter(([id]) => present.has(id)));
  for (const id of added) ranks.set(id, -1);
  for (const id of entered) ranks.set(id, 0);
  return {
    ids: [...entered, ...stayed, ...added],
    ranks,
    entered: entered.length > 0 ? entered : held.entered,
  };
}

/** How many accounts have another severity than the one they were placed by. */
export function countMoved(
  held: HeldOrder,
  cards: readonly AccountCard[],
  staleIds: ReadonlySet<string>,
): number {
  const isMoved = (card: AccountCard) =>
    held.ranks.get(card.accountId) !== severity(card, staleIds.has(card.accountId));
  const moved = cards.filter(isMoved).length;
  if (moved === 0) return 0;
  const wanted = sortCards(cards, staleIds);
  const isSame = wanted.ids.every((id, place) => id === held.ids[place]);
  return isSame ? 0 : moved;
}
