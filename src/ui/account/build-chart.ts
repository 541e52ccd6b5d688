import type uPlot from 'uplot';
import type { AccountHistory } from '../../contract/account-history.ts';
import { clockTime, monthDay } from '../kit/times.ts';
import type { ChartColors } from './chart-colors.ts';
import { type ChartData, lonePlaces } from './chart-data.ts';
import type { ChartSpec, SeriesSpec } from './chart-specs.ts';
import { drawBands, drawEvents } from './draw-marks.ts';
import type { NumberedEvent } from './event-words.ts';
import { ticks } from './ticks.ts';
import type { Zoom } from './zoom.ts';

/** What is drawn; newer readings take its place without a new chart. */
interface Drawn {
  history: AccountHistory;
  data: ChartData;
  events: readonly NumberedEvent[];
}

export interface ChartParts {
  spec: ChartSpec;
  drawn: { current: Drawn };
  zone: string;
  colors: { current: ChartColors };
  view: { current: Zoom };
  width: number;
  onCursor(place: number | null): void;
  onZoom(zoom: Zoom | null): void;
}

const dash: Record<SeriesSpec['stroke'], number[]> = { solid: [], dashed: [7, 4], dotted: [2, 3] };
const daySeconds = 86_400;
const leastDrag = 8;
const narrow = 500;
const tickSpace = 72;

/** Draws one chart into `host`; the caller destroys it. */
export function buildChart(Plot: typeof uPlot, host: HTMLElement, parts: ChartParts): uPlot {
  const { spec, drawn, zone, colors, view } = parts;
  const { currency, range } = drawn.current.history;
  const isByDay = range === '90d';
  const ratio = devicePixelRatio || 1;
  const font = `${parts.width < narrow ? 11 : 12}px system-ui, sans-serif`;
  const axis = (scale: string, side: 1 | 3): uPlot.Axis => ({
    ...{ scale, side, font, stroke: () => colors.current.muted, ticks: { show: false }, gap: 6 },
    grid: { show: side === 3, stroke: () => colors.current.grid, width: 1 },
    values: (_, splits) => splits.map((value) => (value === 0 ? '0' : spec.short(value, currency))),
    size: parts.width < narrow ? 68 : 80,
    space: 36,
  });
  const scales = new Set(spec.series.map(({ scale }) => scale));
  const options: uPlot.Options = {
    ...{
      width: parts.width,
      height: spec.height,
      padding: [() => (drawn.current.events.length > 0 ? 20 : 8), 8, 0, 0],
      legend: { show: false },
    },
    scales: {
      x: { time: false, range: () => [...view.current] },
      ...Object.fromEntries(
        [...scales].map((scale) => [
          scale,
          { range: (_: uPlot, _min: number, max: number): [number, number] => [0, max > 0 ? max * 1.12 : 1] },
        ]),
      ),
    },
    axes: [
      {
        ...{
          font,
          stroke: () => colors.current.muted,
          ticks: { show: false },
          gap: 4,
          size: 22,
          space: tickSpace,
        },
        grid: { show: false },
        splits: (u, _axis, min, max) =>
          ticks(drawn.current.history.dawns, [min, max], u.bbox.width / ratio / tickSpace),
        values: (u, splits) =>
          // What would be cut off at the edge is left out.
          splits.map((at) =>
            u.valToPos(at, 'x') > u.bbox.width / ratio - 16 ? '' : tickWords(at, splits, zone),
          ),
      },
      axis('y', 3),
      ...(scales.has('y2') ? [axis('y2', 1)] : []),
    ],
    series: [{}, ...spec.series.map((series) => seriesOf(Plot, series, parts, isByDay))],
    cursor: {
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 7 },
      bind: {
        dblclick: () => () => {
          parts.onZoom(null);
          return null;
        },
      },
    },
    hooks: {
      drawClear: [(u) => drawBands(u, drawn.current.history, colors.current, ratio)],
      draw: [(u) => drawEvents(u, drawn.current.events, colors.current, ratio)],
      setCursor: [(u) => parts.onCursor(u.cursor.idx ?? null)],
      setSelect: [
        (u) => {
          const { left, width } = u.select;
          if (width < leastDrag) return;
          parts.onZoom([u.posToVal(left, 'x'), u.posToVal(left + width, 'x')]);
          u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
    },
  };
  return new Plot(options, columnsOf(spec, drawn.current.data), host);
}

/** The series of a chart as uPlot takes them. Its types know no `undefined` among arrays of their own, its paths do. */
export function columnsOf(spec: ChartSpec, data: ChartData): uPlot.AlignedData {
  return [data.x, ...spec.series.map(({ name }) => data[name])] as uPlot.AlignedData;
}

function seriesOf(
  Plot: typeof uPlot,
  series: SeriesSpec,
  { drawn, colors }: ChartParts,
  isByDay: boolean,
): uPlot.Series {
  const { bars, stepped, linear } = Plot.paths;
  const isBars = isByDay && series.isArea && !series.isStepped;
  const path = isBars
    ? bars?.({ align: 1, size: [0.86, 40] })
    : series.isStepped
      ? stepped?.({ align: 1 })
      : linear?.();
  const color = () =>
    series.stroke === 'dashed'
      ? colors.current.limit
      : series.stroke === 'dotted'
        ? colors.current.second
        : colors.current.ink;
  const loneOf = () => {
    const lone = isBars || series.isStepped ? [] : lonePlaces(drawn.current.data[series.name]);
    return lone.length > 0 ? lone : null;
  };
  return {
    ...{ label: series.label, scale: series.scale, stroke: color, width: 1.75, dash: dash[series.stroke] },
    ...(path === undefined ? {} : { paths: path }),
    ...(series.isArea ? { fill: () => fade(colors.current.ink, isBars ? 0.55 : 0.1) } : {}),
    points: { show: false, size: 5, fill: color, filter: loneOf },
    spanGaps: false,
  };
}

/** The same colour, let through; computed colours are `rgb(r, g, b)`. */
function fade(color: string, alpha: number): string {
  return color.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
}

function tickWords(at: number, splits: readonly number[], zone: string): string {
  const step = (splits[1] ?? at + daySeconds) - (splits[0] ?? at);
  const ms = at * 1000;
  const clock = clockTime(ms, zone);
  return step >= daySeconds * 0.9 || clock === '00:00' ? monthDay(ms, zone) : clock;
}
