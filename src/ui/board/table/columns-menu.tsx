'use client';

import { useEffect, useRef } from 'react';
import { Icon } from '../../kit/icon.tsx';
import type { ColumnId } from './column-ids.ts';
import { columnIds, defaultColumns, fixedColumns, parseColumns } from './column-ids.ts';
import { wordsOf } from './columns.tsx';

interface MenuProps {
  ids: readonly ColumnId[];
  onColumns: (columns: readonly ColumnId[] | null) => void;
}

/** Which columns to show. The order is always the same, so that the eye finds each in its place. */
export function ColumnsMenu({ ids, onColumns }: MenuProps) {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const close = (event: Event) => {
      const details = menu.current;
      if (details === null || !details.open) return;
      if (event instanceof KeyboardEvent) {
        if (event.key !== 'Escape') return;
        details.open = false;
        details.querySelector('summary')?.focus();
      } else if (!(event.target instanceof Node && details.contains(event.target))) details.open = false;
    };
    addEventListener('pointerdown', close);
    addEventListener('keydown', close);
    return () => {
      removeEventListener('pointerdown', close);
      removeEventListener('keydown', close);
    };
  }, []);
  const choices = columnIds.filter((id) => !fixedColumns.includes(id));
  const toggle = (id: ColumnId) =>
    onColumns(parseColumns(ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]));
  return (
    <details ref={menu} className="menu columns-menu">
      <summary className="btn">
        <Icon name="columns" />
        Columns {ids.length} of {columnIds.length}
      </summary>
      <fieldset className="menu__body panel">
        <legend className="vh">Columns</legend>
        <div className="columns-menu__list">
          {choices.map((id) => (
            <label key={id} className="check">
              <input type="checkbox" checked={ids.includes(id)} onChange={() => toggle(id)} />
              {wordsOf(id).name}
            </label>
          ))}
        </div>
        <button
          type="button"
          className="btn"
          disabled={ids.join() === defaultColumns.join()}
          onClick={() => onColumns(null)}
        >
          Back to the usual columns
        </button>
      </fieldset>
    </details>
  );
}
