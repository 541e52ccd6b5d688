'use client';

import { useEffect } from 'react';

const idleMs = 10_000;
const inputs = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchmove', 'scroll'] as const;

/** Calls `then` after ten seconds without input, while there is something to wait for. */
export function useIdle(isWaiting: boolean, then: () => void): void {
  useEffect(() => {
    if (!isWaiting) return;
    let timer = setTimeout(then, idleMs);
    const again = () => {
      clearTimeout(timer);
      timer = setTimeout(then, idleMs);
    };
    for (const input of inputs) addEventListener(input, again, { passive: true, capture: true });
    return () => {
      clearTimeout(timer);
      for (const input of inputs) removeEventListener(input, again, { capture: true });
    };
  }, [isWaiting, then]);
}
