/** Stretches of a history of which nothing is known. All instants are epoch seconds. */

interface Spoken {
  at: number;
  span: number;
}

interface Stretch {
  from: number;
  to: number;
}

const daySpan = 86_400;
const hourSpan = 3600;
/** Days on which clocks change are an hour longer or shorter. */
const dayTolerance = 2 * hourSpan;

/**
 * Where the points (oldest first) leave something out. A point speaks for `span` seconds before it, or after it where it is a
 * `day` that stands at its beginning; accounts that are down are read hourly.
 */
export function deriveUnread(
  points: readonly Spoken[],
  window: Stretch,
  down: readonly Stretch[],
  cadence: { cycle: number; isByDay: boolean },
): Stretch[] {
  const gaps: Stretch[] = [];
  let told = window.from;
  const note = (from: number, to: number, span: number) => {
    const isDown = down.some((stretch) => from >= stretch.from - hourSpan && from < stretch.to);
    const tolerance = span >= hourSpan * 23 ? dayTolerance : 1.5 * (isDown ? hourSpan : cadence.cycle);
    if (to - from > tolerance) gaps.push({ from, to });
  };
  for (const { at, span } of points) {
    note(told, cadence.isByDay ? at : at - span, span);
    told = Math.max(told, cadence.isByDay ? at + daySpan : at);
  }
  note(told, window.to, cadence.cycle);
  return gaps;
}
