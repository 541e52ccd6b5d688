import type { ReactNode } from 'react';
import { Icon } from '../kit/icon.tsx';
import type { Filter } from './filter.ts';
import { noFilter } from './filter.ts';
import { filterParts } from './filter-parts.ts';

interface ChipsProps {
  filter: Filter;
  onFilter: (filter: Filter) => void;
  children: ReactNode;
}

/** What is on, each with a press to take it away, and what can be done with all of it. */
export function FilterChips({ filter, onFilter, children }: ChipsProps) {
  const parts = filterParts(filter);
  if (parts.length === 0) return null;
  return (
    <div className="chips" role="group" aria-label="Filters that are on">
      {parts.map(({ words, without }) => (
        <button key={words} type="button" className="chip chip--off" onClick={() => onFilter(without)}>
          <span className="vh">Drop </span>
          <span className="chip__words">{words}</span>
          <Icon name="cross" />
        </button>
      ))}
      <button type="button" className="btn btn--quiet" onClick={() => onFilter(noFilter)}>
        Clear all
      </button>
      {children}
    </div>
  );
}
