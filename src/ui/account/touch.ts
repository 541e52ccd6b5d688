import type uPlot from 'uplot';
import { type Zoom, zoomed } from './zoom.ts';

/** One finger moves the crosshair, two fingers zoom; up and down still scrolls the page. Answers how to stop. */
export function followFingers(
  chart: uPlot,
  view: () => Zoom,
  whole: () => Zoom,
  onZoom: (zoom: Zoom | null) => void,
): () => void {
  const { over } = chart;
  const fingers = new Map<number, number>();
  let apart: number | null = null;
  const leftOf = (event: PointerEvent) => event.clientX - over.getBoundingClientRect().left;
  const spread = () => {
    const [one = 0, other = 0] = fingers.values();
    return { apart: Math.max(24, Math.abs(one - other)), middle: (one + other) / 2 };
  };
  const onDown = (event: PointerEvent) => {
    if (event.pointerType !== 'touch') return;
    fingers.set(event.pointerId, leftOf(event));
    apart = fingers.size === 2 ? spread().apart : null;
    if (fingers.size === 1) chart.setCursor({ left: leftOf(event), top: 1 });
  };
  const onMove = (event: PointerEvent) => {
    if (!fingers.has(event.pointerId)) return;
    fingers.set(event.pointerId, leftOf(event));
    if (fingers.size === 1) chart.setCursor({ left: leftOf(event), top: 1 });
    else if (fingers.size === 2 && apart !== null) {
      const now = spread();
      if (Math.abs(now.apart - apart) < 6) return;
      onZoom(zoomed(view(), whole(), apart / now.apart, chart.posToVal(now.middle, 'x')));
      apart = now.apart;
    }
  };
  const onUp = (event: PointerEvent) => {
    fingers.delete(event.pointerId);
    apart = null;
  };
  over.addEventListener('pointerdown', onDown);
  over.addEventListener('pointermove', onMove);
  for (const end of ['pointerup', 'pointercancel'] as const) over.addEventListener(end, onUp);
  return () => {
    over.removeEventListener('pointerdown', onDown);
    over.removeEventListener('pointermove', onMove);
    for (const end of ['pointerup', 'pointercancel'] as const) over.removeEventListener(end, onUp);
  };
}
