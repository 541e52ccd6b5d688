'use client';

import type { ReactNode } from 'react';
import { useId, useState } from 'react';

interface ToggleProps {
  title: string;
  note: string;
  lead: ReactNode;
  drawing: ReactNode;
  table: ReactNode;
}

/** A panel that shows the same thing as a drawing or as a table. */
export function TableToggle({ title, note, lead, drawing, table }: ToggleProps) {
  const [isTable, setIsTable] = useState(false);
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel__head">
        <h2 id={id}>{title}</h2>
        <span className="muted">{note}</span>
        <span className="end">
          <button
            type="button"
            className="btn"
            aria-pressed={isTable}
            aria-label={`As a table: ${title}`}
            onClick={() => setIsTable(!isTable)}
          >
            As a table
          </button>
        </span>
      </div>
      <div className="panel__body">
        {lead}
        {isTable ? table : drawing}
      </div>
    </section>
  );
}
