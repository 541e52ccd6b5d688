import type { MouseEvent } from 'react';
import type { BoardView } from '../../contract/board-choices.ts';
import { HouseLinks } from '../house/house-nav.tsx';
import { Icon } from '../kit/icon.tsx';
import type { VendorCount } from './vendors.ts';
import type { ViewsProps } from './view-list.tsx';
import { ViewList } from './view-list.tsx';
import type { ViewerProps } from './viewer.tsx';
import { ViewerFoot } from './viewer.tsx';

interface RailProps extends ViewerProps, ViewsProps {
  vendors: readonly VendorCount[];
  accounts: number;
  vendor: string | null;
  onVendor: (vendor: string | null) => void;
  openAlerts: number;
  view: BoardView;
  onSwitch: (view: BoardView) => void;
}

/** The left edge on a desk: where one can go, what to look at, whose accounts, who is signed in. */
export function Rail(props: RailProps) {
  const { vendors, accounts, vendor, onVendor, openAlerts, view, onSwitch, viewer, signOut } = props;
  /** Between the two ways to look at the board nothing needs to be loaded. */
  const onClick = (event: MouseEvent) => {
    const isPlain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const href = event.target instanceof Element ? event.target.closest('a')?.getAttribute('href') : null;
    const wanted = /^\/dashboard\?view=(cards|table)$/.exec(href ?? '')?.[1];
    if (!isPlain || wanted === undefined) return;
    event.preventDefault();
    onSwitch(wanted === 'table' ? 'table' : 'cards');
  };
  return (
    <nav className="rail" aria-label="Main" onClick={onClick}>
      <a className="brand" href="/dashboard" aria-label="ArbHub, board">
        <Icon name="brand" />
        <span className="label">ArbHub</span>
      </a>
      <HouseLinks here={view === 'table' ? 'table' : 'board'} openAlerts={openAlerts} role={viewer.role} />
      <ViewList views={props.views} onView={props.onView} onRemove={props.onRemove} />
      <div className="rail__views">
        <h2>Vendors</h2>
        <ul>
          <li>
            <button
              type="button"
              className="navlink"
              aria-pressed={vendor === null}
              onClick={() => onVendor(null)}
            >
              All vendors<span className="navlink__count">{accounts}</span>
            </button>
          </li>
          {vendors.map((entry) => (
            <li key={entry.vendor}>
              <button
                type="button"
                className="navlink"
                aria-pressed={vendor === entry.vendor}
                onClick={() => onVendor(vendor === entry.vendor ? null : entry.vendor)}
              >
                <span className="navlink__name">{entry.vendor}</span>
                <span className="navlink__count">
                  {entry.burning > 0 && (
                    <span className="count-burns">
                      <Icon name="suspended" />
                      <span className="vh">burning </span>
                      {entry.burning}
                    </span>
                  )}
                  {entry.burning > 0 && ' of '}
                  {entry.accounts}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      <ViewerFoot viewer={viewer} signOut={signOut} />
    </nav>
  );
}
