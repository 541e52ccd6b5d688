'use client';

import { memo, useEffect, useState } from 'react';
import type { AccountCard as Card } from '../../contract/account-card.ts';
import { AccountCard } from '../account-card/account-card.tsx';
import { wakeLater } from './wake-later.ts';

interface SlotProps {
  card: Card;
  isStale: boolean;
  isMarkedSimulated: boolean;
  place: number | null;
  size: number | null;
}

const asItStands = { __html: '' };

/**
 * A card that the server has drawn stays as it stands while the page wakes, and comes to life a little later, a few at a time:
 * a hundred at once would hold up a slow phone. Where nothing stands yet, it lives at once.
 */
export const CardSlot = memo(function CardSlot(props: SlotProps) {
  const { accountId } = props.card;
  const [isAsleep, setIsAsleep] = useState(() => isDrawn(accountId));
  useEffect(
    () => (isAsleep ? wakeLater(() => wake(accountId, setIsAsleep)) : undefined),
    [isAsleep, accountId],
  );
  return isAsleep ? (
    // React leaves what is in it alone.
    <div
      className="slot"
      id={idOf(accountId)}
      dangerouslySetInnerHTML={asItStands}
      suppressHydrationWarning
    />
  ) : (
    <div className="slot" id={idOf(accountId)}>
      <AccountCard {...props} />
    </div>
  );
});

const idOf = (accountId: string) => `slot-${accountId}`;

/** Whether the document holds this card already; on the server it never does. */
function isDrawn(accountId: string): boolean {
  return typeof document !== 'undefined' && document.getElementById(idOf(accountId)) !== null;
}

/** The living card stands in the place of the drawn one, and takes the focus over. */
function wake(accountId: string, setIsAsleep: (isAsleep: boolean) => void): void {
  const hasFocus = document.getElementById(idOf(accountId))?.contains(document.activeElement) === true;
  setIsAsleep(false);
  if (!hasFocus) return;
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(`#${idOf(accountId)} [data-account]`)?.focus({ preventScroll: true }),
  );
}
