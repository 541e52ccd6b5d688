'use client';

import { useCallback, useState } from 'react';
import type { Board } from '../../contract/account-card.ts';
import type { Clock } from './clock.tsx';
import { mergeBoard } from './merge-board.ts';
import type { Wanted } from './refetch-queue.ts';
import { createRefetchQueue } from './refetch-queue.ts';
import { type LinkState, useLiveLine } from './use-live-line.ts';

async function readJson<T>(address: string): Promise<T> {
  const response = await fetch(address, { cache: 'no-store' });
  if (response.status === 401) location.assign('/login');
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  return (await response.json()) as T;
}

interface LiveBoardState {
  board: Board;
  /** How many alerts nobody has acknowledged. */
  openAlerts: number;
  link: LinkState;
}

/** The board that stays true: pushed ids are read again; after a gap the server names what was missed. */
export function useLiveBoard(
  first: () => { board: Board; openAlerts: number },
  clock: Clock,
): LiveBoardState {
  const [initial] = useState(first);
  const [board, setBoard] = useState(initial.board);
  const [openAlerts, setOpenAlerts] = useState(initial.openAlerts);

  const start = useCallback(() => {
    const cards = createRefetchQueue(async (wanted: Wanted) => {
      const search = wanted === 'all' ? '' : `?ids=${wanted.join(',')}`;
      const fresh = await readJson<Board>(`/api/board${search}`);
      clock.adjust(fresh.asOf);
      setBoard((current) => mergeBoard(current, fresh, wanted));
    });
    const alerts = createRefetchQueue(async () => {
      setOpenAlerts((await readJson<{ open: number }>('/api/alerts/count')).open);
    });
    return {
      onNews: (event: { type: 'changed'; accountIds: Wanted } | { type: 'alerts' }) =>
        event.type === 'alerts' ? alerts.ask('all') : cards.ask(event.accountIds),
      onFailing: () => cards.ask('all'),
      close() {
        cards.close();
        alerts.close();
      },
    };
  }, [clock]);
  const link = useLiveLine(clock, initial.board.asOf, start);

  return { board, openAlerts, link };
}
