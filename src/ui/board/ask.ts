import type { BoardView } from '../../contract/board-choices.ts';
import { boardViews } from '../../contract/board-choices.ts';
import type { Asked, Filter } from './filter.ts';
import { filterParameters, first, noFilter, parseFilter } from './filter.ts';
import type { ColumnId, Sort } from './table/column-ids.ts';
import { parseColumns, parseSort, sortText } from './table/column-ids.ts';

/** All that the board's address says. What is null was left to what the reader used last. */
export interface Ask {
  filter: Filter;
  view: BoardView | null;
  sort: Sort | null;
  columns: readonly ColumnId[] | null;
}

export const noAsk: Ask = { filter: noFilter, view: null, sort: null, columns: null };

export function parseAsk(asked: Asked): Ask {
  return {
    filter: parseFilter(asked),
    view: boardViews.find((view) => view === first(asked['view'])) ?? null,
    sort: parseSort(first(asked['sort'])),
    columns: parseColumns(first(asked['columns']).split(',')),
  };
}

/** The same from the search part of an address, with or without its `?`. */
export function parseSearch(search: string): Ask {
  return parseAsk(Object.fromEntries(new URLSearchParams(search)));
}

/** The search part of the address, `''` or `?…`. */
export function askAddress({ filter, view, sort, columns }: Ask): string {
  const asked = filterParameters(filter);
  if (view !== null) asked.set('view', view);
  if (sort !== null) asked.set('sort', sortText(sort));
  if (columns !== null) asked.set('columns', columns.join(','));
  const text = asked.toString().replaceAll('%2C', ',');
  return text === '' ? '' : `?${text}`;
}
