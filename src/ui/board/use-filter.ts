'use client';

import { useCallback, useEffect, useState } from 'react';
import type { Filter } from './filter.ts';
import { filterAddress, parseFilter } from './filter.ts';

/** The filter and its address. It is replaced, not pushed: the way back leads out of the board, not through each letter. */
export function useFilter(first: Filter): [Filter, (filter: Filter) => void] {
  const [filter, setFilter] = useState(first);
  const change = useCallback((next: Filter) => {
    setFilter(next);
    history.replaceState(history.state, '', location.pathname + filterAddress(next));
  }, []);
  useEffect(() => {
    const follow = () => setFilter(parseFilter(Object.fromEntries(new URLSearchParams(location.search))));
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  return [filter, change];
}
