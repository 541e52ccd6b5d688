import type { AccountCard } from '../../contract/account-card.ts';
import { dayProgress } from '../../domain/calendar.ts';
import { isDead, lookOf } from '../account-card/look.ts';
import { knownZone } from '../kit/times.ts';

interface CurrencyTotal {
  currency: string;
  accounts: number;
  spendMinor: number;
}

export interface Totals {
  /** The currency of most accounts first. */
  byCurrency: CurrencyTotal[];
  /** Accounts whose spend of today nobody has read. */
  unread: number;
}

/** When the spend on the card was true: of a dead account the figure is frozen at its death. */
function spendAt(card: AccountCard): number | null {
  return isDead(lookOf(card)) ? card.stateSince : card.metricsAt;
}

/** Spent today, per currency. A figure of another account-day (a death of last week) is not today's and is left out. */
export function sumSpend(cards: readonly AccountCard[], asOf: number): Totals {
  const totals = new Map<string, CurrencyTotal>();
  let unread = 0;
  for (const card of cards) {
    const at = spendAt(card);
    if (card.spendMinor === null || at === null) {
      if (!isDead(lookOf(card))) unread += 1;
      continue;
    }
    const { elapsedMs, leftMs } = dayProgress(asOf, knownZone(card.timezone));
    if (at < asOf - elapsedMs || at >= asOf + leftMs) continue;
    const total = totals.get(card.currency) ?? { currency: card.currency, accounts: 0, spendMinor: 0 };
    total.accounts += 1;
    total.spendMinor += card.spendMinor;
    totals.set(card.currency, total);
  }
  const byCurrency = [...totals.values()].sort(
    (a, b) => b.accounts - a.accounts || (a.currency < b.currency ? -1 : 1),
  );
  return { byCurrency, unread };
}
