import { useEffect, useRef, useState } from 'react';
import { Icon } from '../kit/icon.tsx';
import { LinkBadge } from '../live/link-badge.tsx';
import type { LinkState } from '../live/use-live-line.ts';
import type { Filter } from './filter.ts';
import type { VendorCount } from './vendors.ts';
import type { ViewerProps } from './viewer.tsx';
import { ViewerMenu } from './viewer.tsx';

interface TopbarProps extends ViewerProps {
  filter: Filter;
  onFilter: (filter: Filter) => void;
  vendors: readonly VendorCount[];
  accounts: number;
  link: LinkState;
  checkedAt: number | null;
  sweepMs: number;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, select, textarea');
}

/** Search, vendor and the state of the line. On a phone search and vendor open on request, so that the bar stays short. */
export function Topbar(props: TopbarProps) {
  const { filter, onFilter, vendors, accounts, viewer, signOut, ...badge } = props;
  const [isOpen, setIsOpen] = useState(filter.query !== '' || filter.vendor !== null);
  const field = useRef<HTMLInputElement>(null);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || isTyping(event.target)) return;
      event.preventDefault();
      field.current?.focus();
      field.current?.select();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  return (
    <div className="topbar">
      <a className="brand phone-only" href="/dashboard">
        <Icon name="brand" />
        ArbHub
      </a>
      <div className="finder" id="finder" data-open={isOpen || undefined}>
        <label className="search">
          <span className="vh">Search by id, name or vendor</span>
          <Icon name="search" />
          <input
            ref={field}
            className="field"
            type="search"
            placeholder="Id, name or vendor…"
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
        <label className="finder__vendor">
          <span className="vh">Vendor</span>
          <select
            className="field"
            value={filter.vendor ?? ''}
            onChange={(event) => onFilter({ ...filter, vendor: event.target.value || null })}
          >
            <option value="">All vendors ({accounts})</option>
            {vendors.map((entry) => (
              <option key={entry.vendor} value={entry.vendor}>
                {entry.vendor} ({entry.burning > 0 && `${entry.burning} burning of `}
                {entry.accounts})
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className="topbar__end">
        <LinkBadge {...badge} />
        <button
          type="button"
          className="btn btn--icon phone-only"
          aria-label="Search and vendor"
          aria-expanded={isOpen}
          aria-controls="finder"
          onClick={() => setIsOpen(!isOpen)}
        >
          <Icon name="search" />
        </button>
        <ViewerMenu viewer={viewer} signOut={signOut} />
      </div>
    </div>
  );
}
