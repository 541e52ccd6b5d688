'use client';

import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { type Across, acrossWords, figureWords, type Unit } from './chart-words.ts';
import { type Chart, drawChart, strokes } from './draw-chart.ts';

export interface LineChartProps {
  title: string;
  /** Tells what the drawing shows to whoever does not see it. */
  story: string;
  xs: readonly number[];
  lines: readonly { name: string; values: readonly (number | null)[] }[];
  across: Across;
  unit: Unit;
  unfinishedFrom: number | null;
  isStepped?: boolean;
  size?: 'large';
}

/** Lines with a legend in words that reads out the figures under the pointer, and all of them as a table. */
export function LineChart(props: LineChartProps) {
  const { title, xs, lines, across, unit, unfinishedFrom, isStepped = false } = props;
  const host = useRef<HTMLDivElement>(null);
  const legend = useRef<HTMLUListElement>(null);
  const chart = useRef<Chart>(null);
  const [point, setPoint] = useState<number | null>(null);
  const [isZoomed, setIsZoomed] = useState(false);
  const [hasFailed, setHasFailed] = useState(false);

  const drawing = useEffectEvent(() => ({
    ...{ xs, lines: lines.map((line) => line.values), across, unit, unfinishedFrom, isStepped },
  }));
  const shape = JSON.stringify([lines.map(({ name }) => name), across, unit, isStepped]);
  const figures = JSON.stringify([xs, lines.map(({ values }) => values), unfinishedFrom]);

  // News bring new figures into the chart that stands: whoever is looking closely at something keeps his place.
  useEffect(() => chart.current?.update(drawing()), [figures]);

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    let isGone = false;
    const swatches = [...(legend.current?.querySelectorAll('.plot-legend__line') ?? [])];
    const draw = async () => {
      const drawn = await drawChart(element, swatches, drawing(), { onPoint: setPoint, onZoom: setIsZoomed });
      if (isGone) return drawn.destroy();
      chart.current = drawn;
      drawn.update(drawing());
    };
    // Most charts lie below the window: they wait until they come near it.
    const near = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        near.disconnect();
        draw().catch(() => setHasFailed(true));
      },
      { rootMargin: '300px' },
    );
    near.observe(element);
    return () => {
      isGone = true;
      near.disconnect();
      chart.current?.destroy();
      chart.current = null;
    };
  }, [shape]);

  const at = point === null ? undefined : xs[point];
  return (
    <figure className="plot">
      <figcaption className="plot__head">
        <b>{title}</b>
        <span className="muted" data-readout>
          {at === undefined ? '' : acrossWords(at, across)}
          {point !== null && unfinishedFrom !== null && point >= unfinishedFrom && ', not over yet'}
        </span>
        {isZoomed && (
          <button type="button" className="btn" onClick={() => chart.current?.whole()}>
            Whole period
          </button>
        )}
      </figcaption>
      <div className="plot__host" data-size={props.size} ref={host} role="img" aria-label={props.story} />
      {hasFailed && (
        <p className="muted" role="status">
          The chart could not be loaded; the table below has the same figures.
        </p>
      )}
      <ul className="plot-legend" ref={legend} aria-label={`Lines of ${title}`}>
        {lines.map(({ name, values }, index) => (
          <li key={name}>
            <Swatch index={index} />
            {name}
            {point !== null && <b>{figureWords(values[point] ?? null, unit)}</b>}
          </li>
        ))}
      </ul>
    </figure>
  );
}

function Swatch({ index }: { index: number }) {
  const { width, dash } = strokes[index % strokes.length] ?? { width: 2, dash: [] };
  return (
    <svg
      className={`plot-legend__line plot-legend__line--${index % strokes.length}`}
      viewBox="0 0 36 8"
      aria-hidden="true"
    >
      <path d="M0 4h36" stroke="currentColor" strokeWidth={width} strokeDasharray={dash.join(' ')} />
    </svg>
  );
}
