import type { ReactNode } from 'react';
import type { AccountCard } from '../../contract/account-card.ts';
import { money } from '../kit/figures.ts';
import { isBurning } from './tile.ts';
import type { Totals } from './totals.ts';

interface TotalsProps {
  totals: Totals;
  /** The sum over all currencies, where it can be told. */
  converted: ReactNode;
  children: ReactNode;
}

/** Spent today, each currency for itself. */
export function TotalsLine({ totals, converted, children }: TotalsProps) {
  const { byCurrency, unread } = totals;
  return (
    <div className="totals">
      <p>
        {byCurrency.length > 0 && 'Spent today '}
        {byCurrency.map(({ currency, spendMinor }, place) => (
          <span key={currency} className={place === 0 ? 'totals__sum' : undefined}>
            {/* Some currencies have no sign of their own: their code is in the figure already. */}
            {money(spendMinor, currency).startsWith(currency) ? '' : `${currency} `}
            {money(spendMinor, currency)}
          </span>
        ))}
        {unread > 0 && (
          <span className="muted">
            {unread === 1 ? '1 account has no figures yet' : `${unread} accounts have no figures yet`}
          </span>
        )}
      </p>
      {children}
      <div className="totals__converted">{converted}</div>
    </div>
  );
}

/** Whose accounts are looked at, and how they are. The sums beside it are of these alone. */
export function VendorLine({ vendor, cards }: { vendor: string; cards: readonly AccountCard[] }) {
  const own = cards.filter((card) => card.vendor === vendor);
  const suspended = own.filter((card) => card.state === 'suspended').length;
  const burning = own.filter(isBurning).length;
  return (
    <p className="vendor-line">
      <b>{vendor}</b>
      <span>{own.length === 1 ? '1 account' : `${own.length} accounts`}</span>
      <span className={suspended > 0 ? 'count-burns' : 'muted'}>
        {suspended === 0 ? 'none suspended' : `${suspended} suspended`}
      </span>
      {burning > suspended && <span>{burning - suspended} more burning</span>}
    </p>
  );
}
