'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import type { ReactNode, RefObject } from 'react';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import type { AccountCard } from '../../../contract/account-card.ts';
import type { RowHeight } from '../../../contract/board-choices.ts';
import type { Rates } from '../../../domain/exchange.ts';
import { UpdateOrder } from '../update-order.tsx';
import { useAccountKeys } from '../use-account-keys.ts';
import type { ColumnId, Sort } from './column-ids.ts';
import { defaultColumns, parseColumns } from './column-ids.ts';
import { ColumnsMenu } from './columns-menu.tsx';
import { rowFacts } from './row-facts.ts';
import { TableBar } from './table-bar.tsx';
import { TableHead } from './table-head.tsx';
import { TableRow } from './table-row.tsx';
import { useSorted } from './use-sorted.ts';

interface TableProps {
  /** What was asked for, in the board's own order; and every account. */
  cards: readonly AccountCard[];
  all: readonly AccountCard[];
  staleIds: ReadonlySet<string>;
  rates: Rates;
  order: { moved: number; update: () => void };
  /** Null = the board's own order. */
  sort: Sort | null;
  onSort: (sort: Sort | null) => void;
  /** Null = the usual ones. */
  columns: readonly string[] | null;
  onColumns: (columns: readonly ColumnId[] | null) => void;
  rowHeight: RowHeight;
  onRowHeight: (height: RowHeight) => void;
  converted: ReactNode;
  keysButton: ReactNode;
}

/** The keys that are used most; the list behind `?` has them all and can be read out. */
const hints = [
  ['j k', 'move'],
  ['Enter', 'open'],
  ['c', 'copy id'],
  ['s', 'share'],
  ['/', 'search'],
  ['a', 'alerts'],
  ['?', 'all keys'],
] as const;

const headPx = 32;
/** What the server draws: as much as a first screen holds. */
const firstScreen = { width: 1400, height: 900 };

/** Every account in a row. Only rows near the screen are drawn; their numbers among all are told. */
export function AccountTable(props: TableProps) {
  const { all, staleIds, sort, rowHeight } = props;
  const { cards, moved, update } = useSorted(props.cards, all, staleIds, sort, props.rates, props.order);
  const ids = useMemo(() => parseColumns(props.columns ?? []) ?? defaultColumns, [props.columns]);
  const box = useRef<HTMLDivElement>(null);
  const isMarked = useMemo(
    () => all.some((card) => card.isSimulated) && all.some((card) => !card.isSimulated),
    [all],
  );
  const getKey = useCallback((place: number) => cards[place]?.accountId ?? place, [cards]);
  // eslint-disable-next-line react-hooks/incompatible-library -- nothing here is compiled; the rows are memoised by hand
  const rows = useVirtualizer({
    count: cards.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: getKey,
    overscan: 8,
    paddingStart: headPx,
    scrollPaddingStart: headPx,
    initialRect: firstScreen,
    // Rows beside the screen are ready: nothing has to be drawn within the event itself.
    useFlushSync: false,
  });
  useEffect(() => rows.measure(), [rows, rowHeight]);
  const reveal = useCallback((place: number) => rows.scrollToIndex(place, { align: 'auto' }), [rows]);
  useAccountKeys(cards, reveal);
  useFits(box, ids);

  const items = rows.getVirtualItems();
  const [first, last] = [items[0], items.at(-1)];
  const above = first === undefined ? 0 : first.start - headPx;
  const below = last === undefined ? 0 : rows.getTotalSize() - last.end;
  return (
    <>
      <TableBar
        accounts={cards.length}
        sort={sort}
        rowHeight={rowHeight}
        onRowHeight={props.onRowHeight}
        converted={props.converted}
      >
        {props.keysButton}
        <ColumnsMenu ids={ids} onColumns={props.onColumns} />
        <UpdateOrder moved={moved} onUpdate={update} />
      </TableBar>
      <div ref={box} className="table-wrap" tabIndex={0} role="region" aria-label="Accounts">
        <table className="table" data-rows={rowHeight} aria-rowcount={cards.length + 1}>
          <caption className="vh">Accounts</caption>
          <TableHead ids={ids} sort={sort} onSort={props.onSort} />
          <tbody>
            <Space px={above} columns={ids.length} />
            {items.map(({ index }) => {
              const card = cards[index];
              if (card === undefined) return null;
              return (
                <TableRow
                  key={card.accountId}
                  facts={rowFacts(card, staleIds.has(card.accountId))}
                  ids={ids}
                  rowIndex={index + 2}
                  isMarked={isMarked}
                />
              );
            })}
            <Space px={below} columns={ids.length} />
          </tbody>
        </table>
      </div>
      <p className="keys desk-only" aria-hidden="true">
        {hints.map(([key, does]) => (
          <span key={key}>
            <kbd>{key}</kbd> {does}
          </span>
        ))}
        <span className="keys__end">{cards.length} rows</span>
      </p>
    </>
  );
}

/** Marks the box while nothing of it is out of sight sideways: then no cell has to stick, which is much to save the browser. */
function useFits(box: RefObject<HTMLDivElement | null>, ids: readonly ColumnId[]): void {
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = () => element.toggleAttribute('data-fits', element.scrollWidth <= element.clientWidth);
    look();
    const watch = new ResizeObserver(look);
    watch.observe(element);
    return () => watch.disconnect();
  }, [box, ids]);
}

/** The room of the rows that are not drawn. Its height is set by script: the page's policy takes no style in the markup. */
function Space({ px, columns }: { px: number; columns: number }) {
  const cell = useRef<HTMLTableCellElement>(null);
  useLayoutEffect(() => {
    if (cell.current !== null) cell.current.style.height = `${px}px`;
  }, [px]);
  return (
    <tr className="table__space" aria-hidden="true">
      <td ref={cell} colSpan={columns} />
    </tr>
  );
}
