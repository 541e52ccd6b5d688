'use client';

import type UPlotClass from 'uplot';
import { useEffect, useState } from 'react';
import type { AccountHistory, HistoryRange } from '../../contract/account-history.ts';

export type HistoryState =
  | { state: 'loading'; history: null; plot: null; problem: null }
  | { state: 'ready'; history: AccountHistory; plot: typeof UPlotClass; problem: null }
  | { state: 'failed'; history: null; plot: null; problem: string };

const loading: HistoryState = { state: 'loading', history: null, plot: null, problem: null };

/** What can be measured: the data's arrival, the first chart drawn, all of them drawn. */
export const marks = {
  data: 'account-charts:data',
  drawn: 'account-charts:drawn',
  allDrawn: 'account-charts:all-drawn',
} as const;

/**
 * The history of an account over a range, and the library that draws it, which no other page loads. Read again when `asOf`
 * moves on; what was drawn stays till then. `retry` asks again after a failure.
 */
export function useHistory(accountId: string, range: HistoryRange, asOf: number) {
  const [known, setKnown] = useState<{ key: string; answer: HistoryState }>({ key: '', answer: loading });
  const [tries, setTries] = useState(0);
  const key = `${accountId} ${range}`;
  useEffect(() => {
    const stop = new AbortController();
    const read = async () => {
      const address = `/api/accounts/${accountId}/history?range=${range}`;
      const [{ default: plot }, response] = await Promise.all([
        import('uplot'),
        fetch(address, { cache: 'no-store', signal: stop.signal }),
      ]);
      if (response.status === 401) location.assign('/login');
      if (!response.ok) throw new Error(await reasonOf(response));
      const text = await response.text();
      performance.mark(marks.data);
      const history = JSON.parse(text) as AccountHistory;
      setKnown({ key, answer: { state: 'ready', history, plot, problem: null } });
    };
    read().catch((error: unknown) => {
      if (stop.signal.aborted) return;
      const problem = error instanceof Error ? error.message : String(error);
      // What is drawn already is better than a reason why there is nothing newer; the link's badge tells that.
      setKnown((before) =>
        before.key === key && before.answer.state === 'ready'
          ? before
          : { key, answer: { state: 'failed', history: null, plot: null, problem } },
      );
    });
    return () => stop.abort();
  }, [accountId, range, key, asOf, tries]);
  return { ...(known.key === key ? known.answer : loading), retry: () => setTries(tries + 1) };
}

async function reasonOf(response: Response): Promise<string> {
  try {
    const { error } = (await response.json()) as { error?: { message?: string; requestId?: string } };
    return `${error?.message ?? `The server answered ${response.status}.`} Request ${error?.requestId ?? 'unknown'}.`;
  } catch {
    return `The server answered ${response.status}.`;
  }
}
