'use client';

import { memo } from 'react';
import type { ColumnId } from './column-ids.ts';
import { columns } from './columns.tsx';
import type { RowFacts } from './row-facts.ts';
import { AccountCell, StateCell } from './state-cell.tsx';

interface RowProps {
  facts: RowFacts;
  ids: readonly ColumnId[];
  /** Its place among all rows, the head being the first. */
  rowIndex: number;
  isMarked: boolean;
}

/** One account. It can take the focus, for the keys. */
export const TableRow = memo(
  function TableRow({ facts, ids, rowIndex, isMarked }: RowProps) {
    const { card, look, isStale } = facts;
    return (
      <tr
        data-account={card.accountId}
        data-state={look}
        data-stale={isStale || look === 'lost' || undefined}
        aria-rowindex={rowIndex}
        tabIndex={-1}
      >
        {ids.map((id) => {
          if (id === 'state')
            return (
              <td key={id} className="pin-1">
                <StateCell {...facts} />
              </td>
            );
          if (id === 'account')
            return (
              <th key={id} className="pin-2" scope="row">
                <AccountCell {...facts} isMarked={isMarked} />
              </th>
            );
          const { cell, isNumber } = columns[id];
          return (
            <td key={id} className={isNumber ? `num c-${id}` : `c-${id}`}>
              {cell(facts)}
            </td>
          );
        })}
      </tr>
    );
  },
  (a, b) =>
    a.facts.card === b.facts.card &&
    a.facts.isStale === b.facts.isStale &&
    a.ids === b.ids &&
    a.rowIndex === b.rowIndex &&
    a.isMarked === b.isMarked,
);
