/** How well the live figures of a day agree with what Meta says after its end. Amounts are minor units. */

const toleranceRatio = 0.02;
/** Below this much money a difference is rounding, in any currency. */
const floorMinor = 100;

/** Whether two figures of the same spend agree: within 2%, or within 100 minor units. */
export function agrees(figureMinor: number, closedMinor: number): boolean {
  return Math.abs(figureMinor - closedMinor) <= Math.max(floorMinor, closedMinor * toleranceRatio);
}

/** One account-day whose last live figure stands beside the closed one. */
export interface ComparedDay {
  accountId: string;
  day: string;
  currency: string;
  liveMinor: number;
  closedMinor: number;
  /** Growth of the lifetime counter over the day; null where it is not known or was reset. */
  growthMinor: number | null;
}

export interface Audit {
  accounts: number;
  within: number;
  /** The ten that are furthest apart, worst first. */
  worst: ComparedDay[];
  growthCompared: number;
  growthApart: number;
}

/** Sums a night's comparison up. */
export function auditDays(days: readonly ComparedDay[]): Audit {
  const apart = days.filter(({ liveMinor, closedMinor }) => !agrees(liveMinor, closedMinor));
  const error = ({ liveMinor, closedMinor }: ComparedDay) =>
    Math.abs(liveMinor - closedMinor) / Math.max(floorMinor, closedMinor);
  const grown = days.filter(({ growthMinor }) => growthMinor !== null && growthMinor >= 0);
  return {
    accounts: days.length,
    within: days.length - apart.length,
    worst: apart.toSorted((one, other) => error(other) - error(one)).slice(0, 10),
    growthCompared: grown.length,
    growthApart: grown.filter(({ growthMinor, closedMinor }) => !agrees(growthMinor ?? 0, closedMinor))
      .length,
  };
}
