/** Rests a connection after many failures in a row; afterwards one request at a time tells whether it is back. Instants: epoch ms. */
export interface Breaker {
  failuresInARow: number;
  /** How often in a row it has opened. */
  openings: number;
  /** Null = closed. */
  openUntil: number | null;
  /** The one request that is under way while half open. */
  isProbing: boolean;
}

export const closedBreaker: Readonly<Breaker> = {
  failuresInARow: 0,
  openings: 0,
  openUntil: null,
  isProbing: false,
};

const failuresToOpen = 10;
const firstRestMs = 15_000;
const longestRestMs = 5 * 60_000;

/** Whether a request may be sent at `now`, and the breaker with that request under way. */
export function admitRequest(breaker: Breaker, now: number): { isAdmitted: boolean; breaker: Breaker } {
  if (breaker.openUntil === null) return { isAdmitted: true, breaker };
  // A rest longer than the longest began before the clock was set back.
  const isResting = now < breaker.openUntil && breaker.openUntil - now <= longestRestMs;
  if (isResting || breaker.isProbing) return { isAdmitted: false, breaker };
  return { isAdmitted: true, breaker: { ...breaker, isProbing: true } };
}

/** The breaker after a request's end. Only failures that may pass by themselves count. */
export function settleRequest(breaker: Breaker, hasFailed: boolean, now: number): Breaker {
  if (!hasFailed) return closedBreaker;
  const failuresInARow = breaker.failuresInARow + 1;
  const opens = breaker.isProbing || (breaker.openUntil === null && failuresInARow >= failuresToOpen);
  if (!opens) return { ...breaker, failuresInARow };
  const restMs = Math.min(longestRestMs, firstRestMs * 2 ** Math.min(breaker.openings, 10));
  return { failuresInARow, openings: breaker.openings + 1, openUntil: now + restMs, isProbing: false };
}
