'use client';

import { useEffect, useState, useSyncExternalStore } from 'react';
import type { LiveEvent } from '../../contract/live-event.ts';
import type { Clock } from './clock.tsx';
import { endCopy, keptAt } from './kept-copy.ts';
import type { Socket } from './live-line.ts';
import { openLine } from './live-line.ts';

export interface LinkState {
  state: 'connecting' | 'live' | 'reconnecting' | 'offline';
  /** When the line was lost (server's clock); null while it holds. */
  lostAt: number | null;
}

/** What a screen does with the news of its line. */
export interface LineUser {
  /** Some accounts, or alerts, are no longer as this screen shows them. */
  onNews(event: Exclude<LiveEvent, { type: 'beat' | 'checked' }>): void;
  /** The line does not come back: an ended session, or a proxy that knows no WebSocket. Plain HTTP answers both. */
  onFailing(): void;
  close(): void;
}

/** Where Supabase carries the news: the socket is there at once, its line as soon as the code for it is. */
function connectRealtime(): Socket {
  let leave: (() => void) | null = null;
  let isClosed = false;
  const socket: Socket = {
    onmessage: null,
    onclose: null,
    close() {
      isClosed = true;
      leave?.();
    },
  };
  import('./realtime-line.ts')
    .then(({ join }) => join(socket))
    .then(
      (end) => {
        leave = end;
        if (isClosed) end();
      },
      () => socket.onclose?.(),
    );
  return socket;
}

function connect(since: number): Socket {
  if (document.documentElement.dataset['live'] === 'realtime') return connectRealtime();
  const url = new URL(`/api/live?since=${since}`, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(url) as Socket;
}

const never = () => () => {};

/** Holds the live line of a screen that was complete at `asOf`; `start` has to stay the same function. */
export function useLiveLine(clock: Clock, asOf: number, start: () => LineUser): LinkState {
  const [link, setLink] = useState<LinkState>({ state: 'connecting', lostAt: null });
  const [since] = useState(asOf);

  useEffect(() => {
    // Everything up to this moment of the server's clock has reached this screen.
    let completeUntil = since;
    const user = start();
    const line = openLine({
      connect: () => connect(completeUntil),
      random: Math.random,
      onUp() {
        if (keptAt() !== null) {
          endCopy();
          user.onFailing();
        }
        setLink({ state: 'live', lostAt: null });
      },
      onDown(failures) {
        const state = navigator.onLine && keptAt() === null ? 'reconnecting' : 'offline';
        setLink((before) => ({
          state,
          lostAt: before.lostAt ?? (keptAt() === null ? clock.current().now : since),
        }));
        if (failures > 1 && navigator.onLine) user.onFailing();
      },
      onEvent(event) {
        if (event.type === 'checked') clock.sweep(event.at, event.failed);
        else if (event.type === 'beat') {
          clock.adjust(event.at);
          completeUntil = event.at;
        } else user.onNews(event);
      },
    });
    const retry = () => line.retryNow();
    const giveUp = () => line.giveUp();
    const onVisible = () => {
      if (document.visibilityState === 'visible') line.retryNow();
    };
    addEventListener('online', retry);
    addEventListener('offline', giveUp);
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      removeEventListener('online', retry);
      removeEventListener('offline', giveUp);
      document.removeEventListener('visibilitychange', onVisible);
      line.close();
      user.close();
    };
  }, [clock, since, start]);

  // A copy says at once that it is one, before the first try to reach the server has failed.
  const isCopy = useSyncExternalStore(
    never,
    () => keptAt() !== null,
    () => false,
  );
  if (!isCopy || link.state !== 'connecting') return link;
  return { state: 'offline', lostAt: since };
}
