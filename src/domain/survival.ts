/** How long things last of which some are still alive: the estimate of Kaplan and Meier (1958). */

/** One life in days. Without a death it was still going on when it was last seen: it is censored. */
export interface Span {
  days: number;
  isDeath: boolean;
}

/** From `days` on, `share` (0 to 1) are still alive. `atRisk` were under watch just before, `deaths` of them died then. */
export interface Step {
  days: number;
  share: number;
  atRisk: number;
  deaths: number;
}

/** The curve, one step per moment of death, shortest first. A life that ends with a death at the same moment as a censored one dies first. */
export function survivalCurve(spans: readonly Span[]): Step[] {
  const sorted = spans.toSorted((a, b) => a.days - b.days);
  const steps: Step[] = [];
  let share = 1;
  for (let index = 0; index < sorted.length;) {
    const days = sorted[index]?.days ?? 0;
    const atRisk = sorted.length - index;
    let deaths = 0;
    for (; index < sorted.length && sorted[index]?.days === days; index++)
      if (sorted[index]?.isDeath === true) deaths += 1;
    if (deaths === 0) continue;
    share *= 1 - deaths / atRisk;
    steps.push({ days, share, atRisk, deaths });
  }
  return steps;
}

/** Days after which half are dead; null while more than half of the curve is still alive. */
export function medianLife(curve: readonly Step[]): number | null {
  // Of shares such as 1/2 × 1 the last bit may be wrong.
  return curve.find(({ share }) => share <= 0.5 + 1e-9)?.days ?? null;
}

/** The middle of some figures, the mean of the two middle ones where they are even; null of none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}
