import type { ReactNode } from 'react';
import type { RowHeight } from '../../../contract/board-choices.ts';
import { rowHeights } from '../../../contract/board-choices.ts';
import type { Sort } from './column-ids.ts';
import { wordsOf } from './columns.tsx';

interface BarProps {
  accounts: number;
  sort: Sort | null;
  rowHeight: RowHeight;
  onRowHeight: (height: RowHeight) => void;
  converted: ReactNode;
  children: ReactNode;
}

function orderWords(sort: Sort | null): string {
  if (sort === null) return 'severity, then money at risk';
  return `${wordsOf(sort.column).name.toLowerCase()}, ${sort.isDown ? 'from the top down' : 'from the bottom up'}`;
}

/** How many rows, in which order, and how they are shown. */
export function TableBar({ accounts, sort, rowHeight, onRowHeight, converted, children }: BarProps) {
  return (
    <div className="totals table-bar">
      <p>
        <span className="totals__sum">{accounts === 1 ? '1 account' : `${accounts} accounts`}</span>
        <span>order: {orderWords(sort)}</span>
      </p>
      <div className="totals__converted">{converted}</div>
      <div className="table-bar__end">
        <span className="seg desk-only" role="group" aria-label="Height of a row">
          {rowHeights.map((height) => (
            <button
              key={height}
              type="button"
              className="btn"
              aria-pressed={rowHeight === height}
              onClick={() => onRowHeight(height)}
            >
              {height}
            </button>
          ))}
        </span>
        {children}
      </div>
    </div>
  );
}
