import type { ReactNode } from 'react';
import { money } from '../kit/figures.ts';
import type { Totals } from './totals.ts';

/** Spent today, each currency for itself. */
export function TotalsLine({ totals, children }: { totals: Totals; children: ReactNode }) {
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
    </div>
  );
}
