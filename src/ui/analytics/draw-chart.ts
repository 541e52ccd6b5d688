import type uPlot from 'uplot';
import { type Across, acrossWords, tickWords, type Unit } from './chart-words.ts';

/** A line's way of being told from the others without its colour: width, then dashes and gaps in pixels. */
export const strokes: readonly { width: number; dash: readonly number[] }[] = [
  { width: 2, dash: [] },
  { width: 2, dash: [8, 5] },
  { width: 2.5, dash: [2, 4] },
  { width: 2, dash: [10, 4, 2, 4] },
  { width: 1.5, dash: [16, 5] },
  { width: 1.5, dash: [4, 3] },
];

export interface Drawing {
  /** Where the figures stand, ascending. */
  xs: readonly number[];
  lines: readonly (readonly (number | null)[])[];
  across: Across;
  unit: Unit;
  /** Index of the first figure that still grows; null when none does. */
  unfinishedFrom: number | null;
  isStepped: boolean;
}

interface Handlers {
  /** The pointer stands at a figure, or has left. */
  onPoint(index: number | null): void;
  onZoom(isZoomed: boolean): void;
}

export interface Chart {
  /** Other figures of the same lines; what is zoomed into stays. */
  update(drawing: Drawing): void;
  whole(): void;
  destroy(): void;
}

/**
 * Draws into `host`. Colours are the computed ones of `swatches`, one per line, and of the host itself: its text for the axes,
 * its border for the grid; they follow the theme.
 */
export async function drawChart(
  host: HTMLElement,
  swatches: readonly Element[],
  drawing: Drawing,
  handlers: Handlers,
): Promise<Chart> {
  const { default: Plot } = await import('uplot');
  const { xs, lines, unit, across, isStepped } = drawing;
  let current = drawing;
  const ends = (): [first: number, last: number] => [current.xs[0] ?? 0, current.xs.at(-1) ?? 1];
  let isZoomed = false;
  const colourOf = (element: Element | undefined) => getComputedStyle(element ?? host).color;
  const gridColour = () => getComputedStyle(host).borderTopColor;
  const axis: uPlot.Axis = {
    stroke: () => colourOf(host),
    font: `12px ${getComputedStyle(host).fontFamily}`,
    grid: { stroke: gridColour, width: 1 },
    ticks: { show: false },
  };
  const stepped = isStepped ? Plot.paths.stepped?.({ align: 1 }) : undefined;
  const options: uPlot.Options = {
    width: host.clientWidth,
    height: host.clientHeight,
    legend: { show: false },
    tzDate: (seconds) => Plot.tzDate(new Date(seconds * 1000), 'UTC'),
    cursor: { y: false, drag: { x: true, y: false }, points: { size: 7 } },
    scales: {
      x: { time: across === 'day' },
      y: { range: (_plot, _low, high) => [0, unit.of === 'share' ? 1 : (high || 1) * 1.08] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 28,
        space: 70,
        values: (_plot, marks) =>
          marks.map((mark) => (across === 'day' && mark % 86_400 !== 0 ? '' : acrossWords(mark, across))),
      },
      {
        ...axis,
        size: 62,
        space: 36,
        values: (_plot, marks) => marks.map((mark) => tickWords(mark, unit)),
      },
    ],
    series: [
      {},
      ...lines.map((_, index): uPlot.Series => {
        const stroke = strokes[index % strokes.length];
        return {
          stroke: () => colourOf(swatches[index]),
          width: stroke?.width ?? 2,
          dash: [...(stroke?.dash ?? [])],
          spanGaps: isStepped,
          points: { show: !isStepped && xs.length < 10 },
          ...(stepped === undefined ? {} : { paths: stepped }),
        };
      }),
    ],
    hooks: {
      drawClear: [(plot) => shadeUnfinished(plot, current, gridColour())],
      setCursor: [(plot) => handlers.onPoint(plot.cursor.idx ?? null)],
      setScale: [
        (plot, scale) => {
          if (scale !== 'x') return;
          const { min, max } = plot.scales['x'] ?? {};
          const [first, last] = ends();
          isZoomed = (min ?? first) > first || (max ?? last) < last;
          handlers.onZoom(isZoomed);
        },
      ],
    },
  };
  const dataOf = (of: Drawing): uPlot.AlignedData => [[...of.xs], ...of.lines.map((line) => [...line])];
  const plot = new Plot(options, dataOf(drawing), host);
  const resize = new ResizeObserver(() =>
    plot.setSize({ width: host.clientWidth, height: host.clientHeight }),
  );
  resize.observe(host);
  const repaint = () => plot.redraw(false);
  const themes = new MutationObserver(repaint);
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', repaint);
  return {
    update(next) {
      if (next === current) return;
      const wasZoomed = isZoomed;
      current = next;
      plot.setData(dataOf(next), !wasZoomed);
      if (wasZoomed) plot.redraw();
    },
    whole() {
      const [min, max] = ends();
      plot.setScale('x', { min, max });
    },
    destroy() {
      resize.disconnect();
      themes.disconnect();
      system.removeEventListener('change', repaint);
      plot.destroy();
    },
  };
}

/** What is not over stands on a ground of its own. */
function shadeUnfinished(plot: uPlot, { xs, unfinishedFrom }: Drawing, colour: string): void {
  const [from, before] = [xs[unfinishedFrom ?? -1], xs[(unfinishedFrom ?? 0) - 1]];
  if (from === undefined) return;
  const { left, top, width, height } = plot.bbox;
  const start = Math.max(left, plot.valToPos((from + (before ?? from)) / 2, 'x', true));
  plot.ctx.save();
  plot.ctx.globalAlpha = 0.45;
  plot.ctx.fillStyle = colour;
  plot.ctx.fillRect(start, top, Math.max(0, left + width - start), height);
  plot.ctx.restore();
}
