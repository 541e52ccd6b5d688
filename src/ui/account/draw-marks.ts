import type uPlot from 'uplot';
import type { AccountHistory } from '../../contract/account-history.ts';
import type { ChartColors } from './chart-colors.ts';
import type { NumberedEvent } from './event-words.ts';
import { bandLook, stateWords } from './state-words.ts';

/** What lies under and over the lines of a chart: states, stretches that nobody read, numbered events. */

const faint: Partial<Record<ReturnType<typeof bandLook>, number>> = { stopped: 0.22, lost: 0.16 };
const stripe = 3;
const markRadius = 8;

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

function boxOf(u: uPlot, from: number, to: number): Box | null {
  const { left, top, width, height } = u.bbox;
  const start = Math.max(left, u.valToPos(from, 'x', true));
  const end = Math.min(left + width, u.valToPos(to, 'x', true));
  return end <= start ? null : { left: start, top, width: Math.max(1, end - start), height };
}

/** States with their names where there is room, and hatching where nothing was read. */
export function drawBands(u: uPlot, history: AccountHistory, colors: ChartColors, ratio: number): void {
  const { ctx } = u;
  ctx.save();
  for (const band of history.states) {
    if (band.state === 'active') continue;
    const box = boxOf(u, band.from, band.to);
    if (box === null) continue;
    const look = bandLook(band);
    ctx.globalAlpha = faint[look] ?? 1;
    ctx.fillStyle = colors[look];
    ctx.fillRect(box.left, box.top, box.width, box.height);
    ctx.globalAlpha = 1;
    ctx.fillStyle = colors.text;
    ctx.fillRect(box.left, box.top, box.width, stripe * ratio);
    ctx.font = `${11 * ratio}px system-ui, sans-serif`;
    const words = stateWords(band);
    if (ctx.measureText(words).width + 8 * ratio < box.width)
      ctx.fillText(words, box.left + 4 * ratio, box.top + 16 * ratio);
  }
  for (const hole of history.unread) {
    const box = boxOf(u, hole.from, hole.to);
    if (box !== null) hatch(ctx, box, colors.hatch, ratio);
  }
  ctx.restore();
}

function hatch(ctx: CanvasRenderingContext2D, box: Box, color: string, ratio: number): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(box.left, box.top, box.width, box.height);
  ctx.clip();
  ctx.globalAlpha = 0.35;
  ctx.strokeStyle = color;
  ctx.lineWidth = 2 * ratio;
  ctx.beginPath();
  for (let x = box.left - box.height; x < box.left + box.width; x += 8 * ratio) {
    ctx.moveTo(x, box.top + box.height);
    ctx.lineTo(x + box.height, box.top);
  }
  ctx.stroke();
  ctx.restore();
}

/** A line for each event; its number leads to the words below the chart. */
export function drawEvents(
  u: uPlot,
  events: readonly NumberedEvent[],
  colors: ChartColors,
  ratio: number,
): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  ctx.save();
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.font = `600 ${10 * ratio}px system-ui, sans-serif`;
  for (const { at, number, isDeath } of events) {
    const x = u.valToPos(at, 'x', true);
    if (x < left - 1 || x > left + width + 1) continue;
    ctx.strokeStyle = isDeath ? colors.burn : colors.muted;
    ctx.lineWidth = (isDeath ? 2 : 1) * ratio;
    ctx.setLineDash(isDeath ? [] : [2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.arc(x, top - markRadius * ratio, markRadius * ratio, 0, 2 * Math.PI);
    ctx.fillStyle = colors.surface;
    ctx.fill();
    ctx.strokeStyle = isDeath ? colors.burn : colors.text;
    ctx.lineWidth = 1.2 * ratio;
    ctx.stroke();
    ctx.fillStyle = isDeath ? colors.burn : colors.text;
    ctx.fillText(String(number), x, top - markRadius * ratio);
  }
  ctx.restore();
}
