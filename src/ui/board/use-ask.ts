'use client';

import { useCallback, useEffect, useState } from 'react';
import type { Ask } from './ask.ts';
import { askAddress, parseSearch } from './ask.ts';

/** What is asked, and its address. It is replaced, not pushed: the way back leads out of the board, not through each letter. */
export function useAsk(firstAsk: Ask): [Ask, (ask: Ask) => void] {
  const [ask, setAsk] = useState(firstAsk);
  const change = useCallback((next: Ask) => {
    setAsk(next);
    history.replaceState(history.state, '', location.pathname + askAddress(next));
  }, []);
  useEffect(() => {
    const follow = () => setAsk(parseSearch(location.search));
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  return [ask, change];
}
