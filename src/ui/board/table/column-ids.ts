/** The columns that the table can show, in their fixed order. The first two always stand. */
export const columnIds = [
  'state',
  'account',
  'vendor',
  'cur',
  'spend',
  'limit',
  'progress',
  'pace',
  'projected',
  'limit-at',
  'funds',
  'cpc',
  'cpc-change',
  'clicks',
  'limit-change',
  'ads',
  'all-ads',
  'due',
  'cap',
  'lifetime',
  'since',
  'zone',
  'connection',
  'tags',
  'age',
] as const;
export type ColumnId = (typeof columnIds)[number];

export const fixedColumns: readonly ColumnId[] = ['state', 'account'];

/** As wide as a desk of 1440 pixels. */
export const defaultColumns: readonly ColumnId[] = [
  ...(['state', 'account', 'vendor', 'cur', 'spend', 'limit', 'pace', 'limit-at', 'funds'] as const),
  ...(['cpc', 'cpc-change', 'clicks', 'limit-change', 'ads', 'age'] as const),
];

/** The known ones of these names, in the table's order, with the two that always stand; null when none is known. */
export function parseColumns(names: readonly string[]): ColumnId[] | null {
  const wanted = new Set(names);
  if (!columnIds.some((id) => wanted.has(id))) return null;
  return columnIds.filter((id) => wanted.has(id) || fixedColumns.includes(id));
}

/** The order that a press on a column's head asks for. */
export interface Sort {
  column: ColumnId;
  isDown: boolean;
}

/** `spend` or `-spend`; null for anything else. */
export function parseSort(text: string): Sort | null {
  const isDown = text.startsWith('-');
  const name = isDown ? text.slice(1) : text;
  const column = columnIds.find((id) => id === name);
  return column === undefined ? null : { column, isDown };
}

export function sortText({ column, isDown }: Sort): string {
  return `${isDown ? '-' : ''}${column}`;
}
