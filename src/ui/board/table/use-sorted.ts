'use client';

import { useCallback, useMemo, useState } from 'react';
import type { AccountCard } from '../../../contract/account-card.ts';
import type { Rates } from '../../../domain/exchange.ts';
import { useIdle } from '../use-idle.ts';
import type { Sort } from './column-ids.ts';
import { sortText } from './column-ids.ts';
import { rowFacts } from './row-facts.ts';
import { sortRows } from './sort-keys.ts';

interface Sorted {
  cards: readonly AccountCard[];
  moved: number;
  update: () => void;
}

/** What the board's own order offers. */
interface OwnOrder {
  moved: number;
  update: () => void;
}

/**
 * `shown` in the order of a column. As with the board's own order nothing moves under a hand: new figures change in place, and
 * the new order waits for a press or for ten seconds without input.
 */
export function useSorted(
  shown: readonly AccountCard[],
  all: readonly AccountCard[],
  staleIds: ReadonlySet<string>,
  sort: Sort | null,
  rates: Rates,
  own: OwnOrder,
): Sorted {
  const key = sort === null ? '' : sortText(sort);
  const fresh = useMemo(() => {
    if (sort === null) return [];
    const rows = all.map((card) => rowFacts(card, staleIds.has(card.accountId)));
    return sortRows(rows, sort, rates).map(({ card }) => card.accountId as string);
  }, [all, staleIds, sort, rates]);
  const [held, setHeld] = useState({ key, ids: fresh });
  const isOther = held.key !== key;
  if (isOther) setHeld({ key, ids: fresh });
  const ids = isOther ? fresh : held.ids;

  const update = useCallback(() => setHeld({ key, ids: fresh }), [key, fresh]);
  const moved = useMemo(
    () => (sort === null ? 0 : fresh.filter((id, place) => id !== ids[place]).length),
    [sort, fresh, ids],
  );
  useIdle(moved > 0, update);

  const cards = useMemo(() => {
    if (sort === null) return shown;
    const places = new Map(ids.map((id, place) => [id, place]));
    // What was found since stands last.
    const placeOf = (card: AccountCard) => places.get(card.accountId) ?? ids.length;
    return shown.toSorted((a, b) => placeOf(a) - placeOf(b));
  }, [sort, shown, ids]);
  return sort === null ? { cards, ...own } : { cards, moved, update };
}
