import type { ReactNode } from 'react';

interface TableProps {
  caption: string;
  head: readonly string[];
  rows: readonly (readonly ReactNode[])[];
}

/** The figures of a chart, for whoever reads rather than looks. */
export function AsTable({ caption, head, rows }: TableProps) {
  return (
    <details className="as-table">
      <summary className="btn">As a table</summary>
      <div className="wide" role="region" aria-label={caption} tabIndex={0}>
        <table>
          <caption className="vh">{caption}</caption>
          <thead>
            <tr>
              {head.map((word) => (
                <th key={word} scope="col">
                  {word}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([first, ...rest], row) => (
              <tr key={row}>
                <th scope="row">{first}</th>
                {rest.map((cell, column) => (
                  <td key={column}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
