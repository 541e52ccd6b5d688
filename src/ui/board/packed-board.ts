import type { AccountCard, Board } from '../../contract/account-card.ts';

/**
 * The board by columns, for its way into the page: the names of the figures travel once instead of once per account, which
 * is a quarter of the weight.
 */
export interface PackedBoard {
  rest: Omit<Board, 'cards'>;
  columns: Record<string, unknown[]>;
}

export function packBoard({ cards, ...rest }: Board): PackedBoard {
  const keys = Object.keys(cards[0] ?? {}) as (keyof AccountCard)[];
  return { rest, columns: Object.fromEntries(keys.map((key) => [key, cards.map((card) => card[key])])) };
}

/** The same board again. The casts hold because only `packBoard` writes a `PackedBoard`, from whole cards. */
export function unpackBoard({ rest, columns }: PackedBoard): Board {
  const entries = Object.entries(columns);
  const cards = (columns['accountId'] ?? []).map(
    (_, row) => Object.fromEntries(entries.map(([key, column]) => [key, column[row]])) as AccountCard,
  );
  return { ...rest, cards };
}
