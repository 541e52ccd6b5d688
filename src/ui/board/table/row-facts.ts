import type { AccountCard } from '../../../contract/account-card.ts';
import { inEuros, type Rates } from '../../../domain/exchange.ts';
import { minorPerMajor } from '../../../domain/money.ts';
import { deriveProgressPercent, type Pace } from '../../../domain/pace.ts';
import type { Look } from '../../account-card/look.ts';
import { isDead } from '../../account-card/look.ts';
import { factsOf } from '../card-facts.ts';
import { severity } from '../order.ts';

/** What the cells of one row are made of, and what it is put in order by. */
export interface RowFacts {
  card: AccountCard;
  look: Look;
  isDead: boolean;
  isStale: boolean;
  /** Null before the first read. */
  pace: Pace | null;
  /** Spend of the daily limit in per cent. */
  progress: number | null;
}

export function rowFacts(card: AccountCard, isStale: boolean): RowFacts {
  const { look, pace } = factsOf(card);
  const limit = { minor: card.dailyLimitMinor, source: card.dailyLimitSource };
  return {
    card,
    look,
    isDead: isDead(look),
    isStale,
    pace,
    progress: deriveProgressPercent(card.spendMinor, limit),
  };
}

/** What a column is put in order by: a number, a text, or null for what nobody knows. */
export type SortKey = number | string | null;

/**
 * An amount that can be compared over currencies: euros where a rate is known. Without any rate the bare number, as the
 * board's own order does; without one of this currency it is not known how it compares.
 */
export function moneyKey(minor: number | null, { currency }: AccountCard, rates: Rates): SortKey {
  if (minor === null) return null;
  return rates.size === 0 ? minor / minorPerMajor(currency) : inEuros(minor, currency, rates);
}

/** What burns most comes first when it goes down. */
export function severityKey(facts: RowFacts): number {
  return -severity(facts.card, facts.isStale);
}
