import type { AccountCard } from '../../contract/account-card.ts';
import type { BoardView } from '../../contract/board-choices.ts';
import type { SavedView } from '../../contract/board-view.ts';
import type { Ask } from './ask.ts';
import { askAddress, parseSearch } from './ask.ts';
import { isShown, onlyWords } from './filter.ts';

/** The views that everybody has. */
export const builtInViews: readonly SavedView[] = Object.entries(onlyWords).map(([only, name]) => ({
  name,
  search: `?only=${only}`,
}));

/** What the board asks for once a view is chosen; what the view leaves open stays as it is. */
export function openView(view: SavedView, now: Ask): Ask {
  const wanted = parseSearch(view.search);
  return { ...wanted, view: wanted.view ?? now.view, columns: wanted.columns ?? now.columns };
}

/** Whether the board shows just this view. `shownAs` stands for what the address leaves open. */
export function isOpen(view: SavedView, now: Ask, shownAs: BoardView): boolean {
  const wanted = parseSearch(view.search);
  const same = { ...now, view: wanted.view === null ? null : shownAs };
  if (wanted.columns === null) same.columns = null;
  return askAddress(wanted) === askAddress(same);
}

/** What to save of the board as it stands: a card has no columns and no order of its own. */
export function searchToSave({ filter, sort, columns }: Ask, shownAs: BoardView): string {
  const isTable = shownAs === 'table';
  return askAddress({
    filter,
    view: shownAs,
    sort: isTable ? sort : null,
    columns: isTable ? columns : null,
  });
}

/** How many accounts each view shows, in the order of the views. */
export function countViews(
  views: readonly SavedView[],
  cards: readonly AccountCard[],
  staleIds: ReadonlySet<string>,
): number[] {
  return views.map(({ search }) => {
    const { filter } = parseSearch(search);
    return cards.filter((card) => isShown(card, filter, staleIds.has(card.accountId))).length;
  });
}
