'use client';

import type { ReactNode } from 'react';
import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import { keptAt } from './kept-copy.ts';
import type { Moment } from './moment.ts';
import { recordSweep, startMoment } from './moment.ts';

/** One timer for the whole screen. It runs on the server's clock, so that a wrong clock of the reader tells no wrong age. */
export interface Clock {
  first: Moment;
  current(): Moment;
  subscribe(listener: () => void): () => void;
  /** The server has told its time. */
  adjust(serverNow: number): void;
  sweep(at: number, failed: readonly string[]): void;
}

function createClock(now: number): Clock {
  const first = startMoment(now);
  const listeners = new Set<() => void>();
  let current = first;
  let aheadMs: number | null = null;
  // A copy of a page has been lying here since then, and its figures have grown older.
  const readAt = keptAt();
  let timer: ReturnType<typeof setInterval> | undefined;
  const set = (next: Moment) => {
    current = next;
    for (const listener of listeners) listener();
  };
  const tick = () => {
    aheadMs ??= current.now - (readAt ?? Date.now());
    set({ ...current, now: Date.now() + aheadMs });
  };
  return {
    first,
    current: () => current,
    subscribe(listener) {
      listeners.add(listener);
      aheadMs ??= current.now - (readAt ?? Date.now());
      timer ??= setInterval(tick, 1000);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    adjust(serverNow) {
      aheadMs = serverNow - Date.now();
    },
    sweep(at, failed) {
      set(recordSweep(current, at, failed));
    },
  };
}

const ClockContext = createContext<Clock | null>(null);

/** The clock of a screen; `now` is the server's, so that the first picture is the same on both sides. */
export function useNewClock(now: number): Clock {
  const [clock] = useState(() => createClock(now));
  // A screen without any ticking text still has to notice that its figures grow stale.
  useEffect(() => clock.subscribe(() => undefined), [clock]);
  return clock;
}

export function ClockProvider({ clock, children }: { clock: Clock; children: ReactNode }) {
  return <ClockContext value={clock}>{children}</ClockContext>;
}

export function useClock(): Clock {
  const clock = use(ClockContext);
  if (clock === null) throw new Error('a ticking text stands outside of a ClockProvider');
  return clock;
}

/** A value that depends on the moment; whoever asks is drawn again only when the value itself is another one. */
export function useMoment<T extends string | number | boolean>(
  select: (moment: Moment) => T,
  clock: Clock,
): T {
  return useSyncExternalStore(
    clock.subscribe,
    () => select(clock.current()),
    () => select(clock.first),
  );
}

/** A text that ticks alone. */
export function Tick({ text }: { text: (moment: Moment) => string }) {
  // Time zones and their names differ between runtimes; the next tick corrects what the server wrote.
  return <span suppressHydrationWarning>{useMoment(text, useClock())}</span>;
}
