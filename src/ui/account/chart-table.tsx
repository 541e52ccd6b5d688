'use client';

import { useState } from 'react';
import type { AccountHistory } from '../../contract/account-history.ts';
import { stamp, zoneName } from '../kit/times.ts';
import type { ChartData } from './chart-data.ts';
import { type ChartSpec, valueWords } from './chart-specs.ts';
import { stateAt, wholeDay } from './chart-words.ts';

const atOnce = 100;

/** The same points as the chart's, the newest first. */
export function ChartTable(props: {
  spec: ChartSpec;
  history: AccountHistory;
  data: ChartData;
  zone: string;
}) {
  const { spec, history, data, zone } = props;
  const [shown, setShown] = useState(atOnce);
  const places = data.point.flatMap((point, place) => (point >= 0 ? [place] : [])).reverse();
  return (
    <div className="chart-table" tabIndex={0} role="region" aria-label={`${spec.title}, table`}>
      <table className="mini">
        <caption className="vh">{spec.title}, newest first</caption>
        <thead>
          <tr>
            <th scope="col">Time, {zoneName(history.to * 1000, zone)}</th>
            {spec.series.map(({ name, label }) => (
              <th key={name} scope="col" className="num">
                {label.replace(/, axis.*/, '')}
              </th>
            ))}
            <th scope="col">state</th>
          </tr>
        </thead>
        <tbody>
          {places.slice(0, shown).map((place) => (
            <tr key={place}>
              <th scope="row">
                {wholeDay(history, data, place, zone) ?? stamp((data.x[place] ?? 0) * 1000, zone)}
              </th>
              {spec.series.map((series) => (
                <td key={series.name} className="num">
                  {valueWords(spec, series, data, place, history.currency)}
                </td>
              ))}
              <td>{stateAt(history, data.x[place] ?? 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown < places.length && (
        <button type="button" className="btn" onClick={() => setShown(shown + atOnce)}>
          Show {Math.min(atOnce, places.length - shown)} older of {places.length}
        </button>
      )}
      {places.length === 0 && <p className="muted">Nothing was read in this time.</p>}
    </div>
  );
}
