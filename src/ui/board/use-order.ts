'use client';

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { AccountCard } from '../../contract/account-card.ts';
import { admitCards, countMoved, sortCards } from './order.ts';
import { useIdle } from './use-idle.ts';

interface Order {
  ids: readonly string[];
  /** How many accounts would stand elsewhere in a fresh order. */
  moved: number;
  entered: readonly string[];
  update: () => void;
}

/** Nothing moves under a hand: a new order waits for a press, or for ten seconds without input. */
export function useOrder(cards: readonly AccountCard[], staleIds: ReadonlySet<string>): Order {
  const [held, setHeld] = useState(() => sortCards(cards, staleIds));
  const admitted = held.ids.length === 0 ? sortCards(cards, staleIds) : admitCards(held, cards);
  if (admitted !== held && cards.length > 0) setHeld(admitted);
  const moved = useMemo(() => countMoved(admitted, cards, staleIds), [admitted, cards, staleIds]);

  const latest = useRef({ cards, staleIds });
  useEffect(() => {
    latest.current = { cards, staleIds };
  });
  const update = useCallback(() => {
    const { cards: now, staleIds: stale } = latest.current;
    setHeld((before) => ({ ...sortCards(now, stale), entered: before.entered }));
  }, []);
  useIdle(moved > 0, update);

  return { ids: admitted.ids, moved, entered: admitted.entered, update };
}
