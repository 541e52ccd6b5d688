/** A stretch of the axis, epoch seconds. */
export type Zoom = readonly [number, number];

const shortest = 900;

/** The stretch seen through a lens `factor` times as wide around `center`, within the whole; null when it is all of it. */
export function zoomed(view: Zoom, whole: Zoom, factor: number, center: number): Zoom | null {
  const length = Math.max(shortest, (view[1] - view[0]) * factor);
  if (length >= whole[1] - whole[0]) return null;
  const share = (center - view[0]) / (view[1] - view[0]);
  const from = Math.min(Math.max(whole[0], center - length * share), whole[1] - length);
  return [from, from + length];
}

/** The same stretch moved so that an instant lies in it. */
export function movedTo(view: Zoom, whole: Zoom, at: number): Zoom {
  if (at >= view[0] && at <= view[1]) return view;
  const length = view[1] - view[0];
  const from = Math.min(Math.max(whole[0], at - length / 2), whole[1] - length);
  return [from, from + length];
}

/** The place of a point beside another one: `step` points on, kept within the line. Null where there is no point at all. */
export function pointBeside(point: readonly number[], place: number | null, step: number): number | null {
  const places = point.flatMap((index, at) => (index >= 0 ? [at] : []));
  if (places.length === 0) return null;
  if (place === null) return places.at(step < 0 ? -1 : 0) ?? null;
  let own = places.findIndex((at) => at >= place);
  if (own < 0) own = places.length - 1;
  return places[Math.min(Math.max(0, own + step), places.length - 1)] ?? null;
}

/** The point nearest to a place of the axis, where only a step or a midnight may stand. */
export function nearestPoint(point: readonly number[], place: number): number | null {
  for (let away = 0; away < point.length; away++) {
    if ((point[place - away] ?? -1) >= 0) return place - away;
    if ((point[place + away] ?? -1) >= 0) return place + away;
  }
  return null;
}
