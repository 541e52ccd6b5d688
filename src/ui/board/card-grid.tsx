'use client';

import { memo } from 'react';
import type { AccountCard as Card } from '../../contract/account-card.ts';
import { CardSlot } from './card-slot.tsx';
import { useAccountKeys } from './use-account-keys.ts';
import { useWindow } from './use-window.ts';

interface GridProps {
  /** In the order in which they stand. */
  cards: readonly Card[];
  staleIds: ReadonlySet<string>;
  /** Real and simulated accounts stand side by side. */
  isMixed: boolean;
}

/** The cards; of a large fleet only those near the screen are drawn. */
export const CardGrid = memo(function CardGrid({ cards, staleIds, isMixed }: GridProps) {
  const { grid, from, to, reveal } = useWindow(cards.length);
  useAccountKeys(cards, reveal);
  const isWhole = to - from === cards.length;
  return (
    <div ref={grid} className="grid" role="feed" aria-label="Accounts">
      {cards.slice(from, to).map((card, place) => (
        <CardSlot
          key={card.accountId}
          card={card}
          isStale={staleIds.has(card.accountId)}
          isMarkedSimulated={isMixed}
          // While all are drawn the browser counts by itself.
          place={isWhole ? null : from + place + 1}
          size={isWhole ? null : cards.length}
        />
      ))}
    </div>
  );
});
