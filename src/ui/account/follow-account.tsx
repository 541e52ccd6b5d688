'use client';

import { useCallback } from 'react';
import type { LiveEvent } from '../../contract/live-event.ts';
import { useClock } from '../live/clock.tsx';
import { createRefetchQueue } from '../live/refetch-queue.ts';
import { useLiveLine } from '../live/use-live-line.ts';

interface FollowProps {
  accountId: string;
  /** When the page was read, epoch ms. */
  asOf: number;
  /** Has the server draw the page again; has to stay the same function. */
  refresh: () => void;
}

/** Has the page drawn again whenever its account changed. It shows nothing. */
export function FollowAccount({ accountId, asOf, refresh }: FollowProps) {
  const clock = useClock();
  const start = useCallback(() => {
    const queue = createRefetchQueue(async () => refresh());
    return {
      onNews(event: Exclude<LiveEvent, { type: 'beat' | 'checked' }>) {
        if (event.type !== 'changed') return;
        if (event.accountIds === 'all' || event.accountIds.includes(accountId)) queue.ask('all');
      },
      onFailing: () => {},
      close: () => queue.close(),
    };
  }, [accountId, refresh]);
  useLiveLine(clock, asOf, start);
  return null;
}
