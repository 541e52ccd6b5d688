'use client';

import type UPlotClass from 'uplot';
import type { KeyboardEvent, ReactNode } from 'react';
import { memo, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import type { AccountHistory } from '../../contract/account-history.ts';
import { buildChart, columnsOf } from './build-chart.ts';
import { onThemeChange, readColors } from './chart-colors.ts';
import type { ChartData } from './chart-data.ts';
import { type ChartSpec, chartSpecs } from './chart-specs.ts';
import { ChartTable } from './chart-table.tsx';
import { chartName, readout } from './chart-words.ts';
import type { NumberedEvent } from './event-words.ts';
import { ChartLegend } from './chart-legend.tsx';
import { followFingers } from './touch.ts';
import { marks } from './use-history.ts';
import { nearestPoint, type Zoom } from './zoom.ts';

interface PanelProps {
  spec: ChartSpec;
  history: AccountHistory;
  data: ChartData;
  events: readonly NumberedEvent[];
  zone: string;
  Plot: typeof UPlotClass;
  /** The place of the crosshair, shared by all charts. */
  place: number | null;
  view: Zoom;
  onPlace(place: number | null): void;
  onZoom(zoom: Zoom | null): void;
  onKey(event: KeyboardEvent): void;
  /** Charts are drawn one after the other, so that the first one waits for none. */
  order: number;
  /** Beside the title. */
  tools?: ReactNode;
}

/** A chart with its crosshair in words, its legend, and its table. */
export const ChartPanel = memo(function ChartPanel(props: PanelProps) {
  const { spec, history, data, zone, tools } = props;
  const [isTable, setIsTable] = useState(false);
  const [hasSpoken, setHasSpoken] = useState(false);
  const titleId = useId();
  const newest = nearestPoint(data.point, data.point.length - 1);
  const place = props.place ?? newest;
  const words =
    place === null
      ? 'Nothing was read in this time.'
      : `${props.place === null ? 'Last: ' : ''}${readout(spec, history, data, place, zone)}`;
  return (
    <section className="panel" aria-labelledby={titleId}>
      <div className="panel__head">
        <h2 id={titleId}>{spec.title}</h2>
        <span className="end chart-tools">
          {tools}
          <button
            type="button"
            className="btn"
            aria-pressed={isTable}
            aria-label={`As a table: ${spec.title}`}
            onClick={() => setIsTable(!isTable)}
          >
            As a table
          </button>
        </span>
      </div>
      <div className="panel__body">
        {isTable ? (
          <ChartTable spec={spec} history={history} data={data} zone={zone} />
        ) : (
          <>
            <p className="chart-readout">{words}</p>
            {/* Spoken when the keyboard moves the crosshair, not with every move of a mouse. */}
            <p className="vh" role="status">
              {hasSpoken ? words : ''}
            </p>
            <Drawing
              {...props}
              name={chartName(spec, history, data, zone)}
              onKey={(event) => {
                setHasSpoken(true);
                props.onKey(event);
              }}
            />
            <ChartLegend spec={spec} history={history} events={props.events} zone={zone} />
          </>
        )}
      </div>
    </section>
  );
});

function Drawing(props: PanelProps & { name: string }) {
  const { spec, history, data, events, zone, Plot, place, view, onPlace, onZoom, order, name } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlotClass | null>(null);
  const shown = useRef(view);
  const drawn = useRef({ history, data, events });

  // In the same turn as the frame around it: the first chart is what is waited for.
  useLayoutEffect(() => {
    const box = host.current;
    if (box === null) return;
    const wholeOf = (): Zoom => [drawn.current.history.from, drawn.current.history.to];
    const draw = () => {
      const colors = { current: readColors(box) };
      const chart = buildChart(Plot, box, {
        ...{ spec, drawn, zone, colors, view: shown, onZoom },
        width: box.clientWidth,
        onCursor: (at) => onPlace(at === null ? null : nearestPoint(drawn.current.data.point, at)),
      });
      plot.current = chart;
      const sizes = new ResizeObserver(() => {
        if (box.clientWidth !== chart.width) chart.setSize({ width: box.clientWidth, height: spec.height });
      });
      sizes.observe(box);
      const stopTheme = onThemeChange(() => {
        colors.current = readColors(box);
        chart.redraw(false);
      });
      const stopTouch = followFingers(chart, () => shown.current, wholeOf, onZoom);
      // The chart itself is drawn in a microtask that was put in before this one.
      queueMicrotask(() => {
        if (order === 0) performance.mark(marks.drawn);
        if (order === chartSpecs.length - 1) performance.mark(marks.allDrawn);
      });
      return () => {
        stopTouch();
        stopTheme();
        sizes.disconnect();
        plot.current = null;
        chart.destroy();
      };
    };
    if (order === 0) return draw();
    let stop: (() => void) | undefined;
    const turn = setTimeout(() => (stop = draw()), order);
    return () => {
      clearTimeout(turn);
      stop?.();
    };
  }, [Plot, spec, zone, order, onPlace, onZoom]);

  // Newer readings change what stands, so that a hand on it is not thrown off.
  useEffect(() => {
    if (drawn.current.data === data) return;
    drawn.current = { history, data, events };
    plot.current?.setData(columnsOf(spec, data));
  }, [spec, history, data, events]);

  useEffect(() => {
    if (shown.current === view) return;
    shown.current = view;
    plot.current?.setScale('x', { min: view[0], max: view[1] });
  }, [view]);

  useEffect(() => {
    const chart = plot.current;
    if (chart === null) return;
    const own = chart.cursor.idx ?? null;
    if (place === null || own === place) return;
    if (own !== null && nearestPoint(data.point, own) === place) return;
    chart.setCursor({ left: chart.valToPos(data.x[place] ?? 0, 'x'), top: 1 }, false);
  }, [place, data]);

  return (
    <div
      ref={host}
      className="chart"
      data-chart={spec.id}
      data-zoomed={view[0] > history.from || view[1] < history.to || undefined}
      role="img"
      aria-label={name}
      aria-describedby="chart-keys"
      tabIndex={0}
      onKeyDown={props.onKey}
    />
  );
}
