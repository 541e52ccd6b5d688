import type { ReactNode } from 'react';
import { useEffect, useRef, useState } from 'react';
import type { BoardView } from '../../contract/board-choices.ts';
import { Icon } from '../kit/icon.tsx';
import { LinkBadge } from '../live/link-badge.tsx';
import type { LinkState } from '../live/use-live-line.ts';
import type { Filter } from './filter.ts';
import { onKey } from './on-key.ts';
import type { ViewerProps } from './viewer.tsx';
import { ViewerMenu } from './viewer.tsx';

interface TopbarProps extends ViewerProps {
  filter: Filter;
  onFilter: (filter: Filter) => void;
  view: BoardView;
  onSwitch: (view: BoardView) => void;
  link: LinkState;
  checkedAt: number | null;
  sweepMs: number;
  /** What else narrows the board, where there is room for it. */
  children: ReactNode;
}

const ways: readonly { view: BoardView; words: string; icon: 'board' | 'table' }[] = [
  { view: 'cards', words: 'Cards', icon: 'board' },
  { view: 'table', words: 'Table', icon: 'table' },
];

/** Search, filters, the two ways to look and the state of the line. Where it is narrow the filters open on request. */
export function Topbar(props: TopbarProps) {
  const { filter, onFilter, view, onSwitch, viewer, signOut, children, ...badge } = props;
  const [isOpen, setIsOpen] = useState(false);
  const field = useRef<HTMLInputElement>(null);

  useEffect(
    () =>
      onKey((key) => {
        if (key !== '/') return false;
        field.current?.focus();
        field.current?.select();
        return true;
      }),
    [],
  );

  return (
    <div className="topbar">
      <a className="brand phone-only" href="/dashboard">
        <Icon name="brand" />
        ArbHub
      </a>
      <div className="finder" id="finder" data-open={isOpen || undefined}>
        <label className="search">
          <span className="vh">Search by id, name, vendor or tag</span>
          <Icon name="search" />
          <input
            ref={field}
            className="field"
            type="search"
            placeholder="Id, name, vendor, tag…"
            autoComplete="off"
            value={filter.query}
            onChange={(event) => onFilter({ ...filter, query: event.target.value })}
            onKeyDown={(event) => {
              if (event.key !== 'Escape') return;
              if (filter.query === '') field.current?.blur();
              else onFilter({ ...filter, query: '' });
            }}
          />
          <kbd aria-hidden="true">/</kbd>
        </label>
        <div className="finder__more">{children}</div>
      </div>
      <div className="topbar__end">
        <LinkBadge {...badge} />
        <span className="seg" role="group" aria-label="View">
          {ways.map((way) => (
            <button
              key={way.view}
              type="button"
              className="btn btn--icon"
              aria-label={way.words}
              title={way.words}
              aria-pressed={view === way.view}
              onClick={() => onSwitch(way.view)}
            >
              <Icon name={way.icon} />
            </button>
          ))}
        </span>
        <button
          type="button"
          className="btn btn--icon finder__open"
          aria-label="Search and filters"
          aria-expanded={isOpen}
          aria-controls="finder"
          onClick={() => setIsOpen(!isOpen)}
        >
          <Icon name="filter" />
        </button>
        <ViewerMenu viewer={viewer} signOut={signOut} />
      </div>
    </div>
  );
}
