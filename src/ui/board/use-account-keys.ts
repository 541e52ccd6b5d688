'use client';

import { useEffect, useRef } from 'react';
import type { AccountCard } from '../../contract/account-card.ts';
import { isDead, lookOf } from '../account-card/look.ts';
import { vendorReport } from '../account-card/vendor-report.ts';
import { useHands } from '../kit/toasts.tsx';
import { onKey } from './on-key.ts';

/** Every drawn account, card or row, bears its id here and can take the focus. */
const mark = 'data-account';
/** A place that has to be scrolled to is drawn within a few frames. */
const mostFrames = 12;

/** Where the focus is on its way to; null while it stands. */
interface Heading {
  current: string | null;
}

/** A key that comes before the focus has arrived sends it on from where it was going. */
function focusSoon(heading: Heading, id: string, frames = mostFrames): void {
  if (heading.current !== id) return;
  const part = document.querySelector<HTMLElement>(`[${mark}="${id}"]`);
  if (part === null && frames > 0) {
    requestAnimationFrame(() => focusSoon(heading, id, frames - 1));
    return;
  }
  part?.focus();
  heading.current = null;
}

/** The account that has the focus, itself or with something in it. */
function focusedId(): string | null {
  return document.activeElement?.closest(`[${mark}]`)?.getAttribute(mark) ?? null;
}

/**
 * The keys that act on accounts in the order in which they stand: `j` and `k` move, `Enter` opens, `c` copies the id, `s` the
 * report for the vendor. `reveal` brings a place that is not drawn onto the screen.
 */
export function useAccountKeys(cards: readonly AccountCard[], reveal: (place: number) => void): void {
  const { copy, say } = useHands();
  const last = useRef<string | null>(null);
  const heading = useRef<string | null>(null);
  useEffect(
    () =>
      onKey((key, event) => {
        const id = heading.current ?? focusedId() ?? last.current;
        const place = cards.findIndex((card) => card.accountId === id);
        const card = cards[place];
        if (key === 'j' || key === 'k') {
          const next =
            place < 0 ? 0 : Math.min(cards.length - 1, Math.max(0, place + (key === 'j' ? 1 : -1)));
          const wanted = cards[next];
          if (wanted === undefined) return false;
          last.current = wanted.accountId;
          if (document.querySelector(`[${mark}="${wanted.accountId}"]`) === null) reveal(next);
          heading.current = wanted.accountId;
          focusSoon(heading, wanted.accountId);
          return true;
        }
        if (card === undefined) return false;
        last.current = card.accountId;
        if (key === 'Enter') {
          // On a button or a link it means that button or link.
          if (!(event.target instanceof Element) || !event.target.hasAttribute(mark)) return false;
          location.assign(`/accounts/${card.accountId}`);
          return true;
        }
        if (key === 'c') void copy(card.accountId, 'Account ID copied', 2000);
        else if (key !== 's') return false;
        else if (isDead(lookOf(card)))
          void copy(vendorReport(card), 'Suspension report copied - paste to vendor', 3000);
        else say('Only a suspended or closed account has a report for its vendor', 3000);
        return true;
      }),
    [cards, reveal, copy, say],
  );
}
