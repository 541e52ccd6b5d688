import type { AccountCard, Board } from '../../contract/account-card.ts';
import type { Wanted } from './refetch-queue.ts';

/** Figure by figure: of thousands of cards most are the same, and their text would have to be written twice to see it. */
function isSame(a: AccountCard, b: AccountCard): boolean {
  const keys = Object.keys(b) as (keyof AccountCard)[];
  return keys.every((key) => a[key] === b[key] || (key === 'tags' && a.tags.join() === b.tags.join()));
}

/**
 * The board after a read of `wanted`. An unchanged card stays the same object, so that it is not drawn again; a wanted card
 * that did not come back is gone (archived).
 */
export function mergeBoard(board: Board, fresh: Board, wanted: Wanted): Board {
  if (fresh.asOf < board.asOf) return board;
  const news = new Map(fresh.cards.map((card) => [card.accountId as string, card]));
  const asked = wanted === 'all' ? null : new Set(wanted);
  const cards: AccountCard[] = [];
  for (const card of board.cards) {
    const newer = news.get(card.accountId);
    news.delete(card.accountId);
    if (newer !== undefined) cards.push(isSame(card, newer) ? card : newer);
    else if (asked !== null && !asked.has(card.accountId)) cards.push(card);
  }
  return { ...fresh, cards: [...cards, ...news.values()] };
}
