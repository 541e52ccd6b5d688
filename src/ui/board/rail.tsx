import { HouseLinks } from '../house/house-nav.tsx';
import { Icon } from '../kit/icon.tsx';
import type { VendorCount } from './vendors.ts';
import type { ViewerProps } from './viewer.tsx';
import { ViewerFoot } from './viewer.tsx';

interface RailProps extends ViewerProps {
  vendors: readonly VendorCount[];
  accounts: number;
  vendor: string | null;
  onVendor: (vendor: string | null) => void;
  openAlerts: number;
}

/** The left edge on a desk: where one can go, whose accounts to look at, who is signed in. */
export function Rail({ vendors, accounts, vendor, onVendor, openAlerts, ...viewer }: RailProps) {
  return (
    <nav className="rail" aria-label="Main">
      <a className="brand" href="/dashboard" aria-label="ArbHub, board">
        <Icon name="brand" />
        <span className="label">ArbHub</span>
      </a>
      <HouseLinks here="board" openAlerts={openAlerts} />
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
      <ViewerFoot {...viewer} />
    </nav>
  );
}
