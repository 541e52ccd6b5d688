'use client';

import { useDeferredValue, useMemo } from 'react';
import type { AccountCard, Board } from '../../contract/account-card.ts';
import type { SavedView } from '../../contract/board-view.ts';
import { isStale } from '../account-card/look.ts';
import type { Clock } from '../live/clock.tsx';
import { useMoment } from '../live/clock.tsx';
import type { Filter } from './filter.ts';
import { isAsked, isInStates } from './filter.ts';
import { builtInViews, countViews } from './saved-view.ts';
import { useOrder } from './use-order.ts';

/** The accounts whose figures are too old to act on; the same set while it holds the same ones. */
export function useStaleIds(board: Board, clock: Clock): ReadonlySet<string> {
  const key = useMoment(
    (moment) =>
      board.cards
        .filter((card) => isStale(card, moment, board))
        .map((card) => card.accountId)
        .join(),
    clock,
  );
  return useMemo(() => new Set(key.split(',')), [key]);
}

/**
 * The cards that were asked for, in their held order. They may follow the filter a moment later: what is typed stands in its
 * field at once.
 */
export function useShown(cards: readonly AccountCard[], staleIds: ReadonlySet<string>, filter: Filter) {
  const order = useOrder(cards, staleIds);
  const wanted = useDeferredValue(filter);
  const asked = useMemo(
    () => cards.filter((card) => isAsked(card, wanted, staleIds.has(card.accountId))),
    [cards, wanted, staleIds],
  );
  const { ids } = order;
  const shown = useMemo(() => {
    const isIn = (card: AccountCard) => isInStates(card, wanted, staleIds.has(card.accountId));
    const byId = new Map<string, AccountCard>(asked.filter(isIn).map((card) => [card.accountId, card]));
    return ids.map((id) => byId.get(id)).filter((card) => card !== undefined);
  }, [asked, ids, wanted, staleIds]);
  return { order, asked, shown };
}

/** How many accounts each built-in and saved view shows; a moment later than the cards, because nobody waits for it. */
export function useViewCounts(
  saved: readonly SavedView[],
  cards: readonly AccountCard[],
  staleIds: ReadonlySet<string>,
): number[] {
  const later = useDeferredValue(cards);
  return useMemo(() => countViews([...builtInViews, ...saved], later, staleIds), [saved, later, staleIds]);
}
