'use client';

import { useEffect, useState } from 'react';
import type { Board } from '../../contract/account-card.ts';
import type { Clock } from './clock.tsx';
import type { Socket } from './live-line.ts';
import { openLine } from './live-line.ts';
import { mergeBoard } from './merge-board.ts';
import type { Wanted } from './refetch-queue.ts';
import { createRefetchQueue } from './refetch-queue.ts';

export interface LinkState {
  state: 'connecting' | 'live' | 'reconnecting' | 'offline';
  /** When the line was lost (server's clock); null while it holds. */
  lostAt: number | null;
}

async function readBoard(wanted: Wanted): Promise<Board> {
  const search = wanted === 'all' ? '' : `?ids=${wanted.join(',')}`;
  const response = await fetch(`/api/board${search}`, { cache: 'no-store' });
  if (response.status === 401) location.assign('/login');
  if (!response.ok) throw new Error(`the board answered ${response.status}`);
  return (await response.json()) as Board;
}

function connect(since: number): Socket {
  const url = new URL(`/api/live?since=${since}`, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(url) as Socket;
}

/** The board that stays true: pushed ids are read again; after a gap the server names what was missed. */
export function useLiveBoard(first: () => Board, clock: Clock): { board: Board; link: LinkState } {
  const [initial] = useState(first);
  const [board, setBoard] = useState(initial);
  const [link, setLink] = useState<LinkState>({ state: 'connecting', lostAt: null });

  useEffect(() => {
    // Everything up to this moment of the server's clock has reached this board.
    let completeUntil = initial.asOf;
    const queue = createRefetchQueue(async (wanted) => {
      const fresh = await readBoard(wanted);
      clock.adjust(fresh.asOf);
      setBoard((current) => mergeBoard(current, fresh, wanted));
    });
    const line = openLine({
      connect: () => connect(completeUntil),
      random: Math.random,
      onUp() {
        setLink({ state: 'live', lostAt: null });
      },
      onDown(failures) {
        const state = navigator.onLine ? 'reconnecting' : 'offline';
        setLink((before) => ({ state, lostAt: before.lostAt ?? clock.current().now }));
        // A refused line may mean an ended session, or a proxy that knows no WebSocket: plain HTTP answers both.
        if (failures > 1 && navigator.onLine) queue.ask('all');
      },
      onEvent(event) {
        if (event.type === 'changed') queue.ask(event.accountIds);
        else if (event.type === 'checked') clock.sweep(event.at, event.failed);
        else {
          clock.adjust(event.at);
          completeUntil = event.at;
        }
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
      queue.close();
    };
  }, [clock, initial]);

  return { board, link };
}
