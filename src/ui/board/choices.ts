import type { AccountCard } from '../../contract/account-card.ts';
import type { Choices } from './filter-selects.tsx';

function sorted(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}

/** What the accounts of the board can be told apart by. */
export function choicesOf(cards: readonly AccountCard[]): Choices {
  return {
    connection: sorted(cards.map((card) => card.connection)),
    currency: sorted(cards.map((card) => card.currency)),
    tag: sorted(cards.flatMap((card) => card.tags)),
  };
}
