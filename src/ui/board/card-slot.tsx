'use client';

import { memo, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { AccountCard as Card } from '../../contract/account-card.ts';
import { AccountCard } from '../account-card/account-card.tsx';
import { wakeLater, wakeNear } from './wake-later.ts';

interface SlotProps {
  card: Card;
  isStale: boolean;
  isMarkedSimulated: boolean;
  place: number | null;
  size: number | null;
}

const asItStands = { __html: '' };

/**
 * A card that the server has drawn stays as it stands until it is near the screen or has something new to say, and then comes to
 * life in its turn: a hundred at once would hold up a slow phone. Where nothing stands yet, it lives at once.
 */
export const CardSlot = memo(function CardSlot(props: SlotProps) {
  const { accountId } = props.card;
  const slot = useRef<HTMLDivElement>(null);
  const hadFocus = useRef(false);
  const [isAsleep, setIsAsleep] = useState(() => isDrawn(accountId));
  const drawn = useRef(props);
  useEffect(() => {
    // The slot itself has no box, so it is never near.
    const standing = slot.current?.firstElementChild ?? null;
    if (!isAsleep || standing === null) return;
    const wake = () => {
      hadFocus.current = slot.current?.contains(document.activeElement) === true;
      setIsAsleep(false);
    };
    return drawn.current === props ? wakeNear(standing, wake) : wakeLater(wake);
  }, [isAsleep, props]);
  // The living card stands in the place of the drawn one, and takes the focus over.
  useLayoutEffect(() => {
    if (isAsleep || !hadFocus.current) return;
    hadFocus.current = false;
    slot.current?.querySelector<HTMLElement>('[data-account]')?.focus({ preventScroll: true });
  }, [isAsleep]);
  return isAsleep ? (
    // React leaves what is in it alone.
    <div
      ref={slot}
      className="slot"
      id={idOf(accountId)}
      dangerouslySetInnerHTML={asItStands}
      suppressHydrationWarning
    />
  ) : (
    <div ref={slot} className="slot" id={idOf(accountId)}>
      <AccountCard {...props} />
    </div>
  );
});

const idOf = (accountId: string) => `slot-${accountId}`;

/** Whether the document holds this card already; on the server it never does. */
function isDrawn(accountId: string): boolean {
  return typeof document !== 'undefined' && document.getElementById(idOf(accountId)) !== null;
}
