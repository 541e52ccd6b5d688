import type { State } from './status.ts';

/** A stretch in which an account stood in one state. Instants in one unit, whichever the caller uses. */
export interface StateSpan {
  from: number;
  to: number;
  state: State;
  /** Meta's code, where it is known. */
  code: number | null;
}

/** A change of state as it was written down. `from` is null for an account that was found. */
export interface StateChange {
  at: number;
  from: { state: State; code: number | null } | null;
  to: { state: State; code: number | null };
}

/** How an account stands now, and since when where that is known. */
export interface StateNow {
  state: State;
  code: number | null;
  since: number | null;
}

/**
 * The states between two instants, oldest first, from the changes (oldest first) and the present. Nothing is said of the time
 * before `knownSince`, unless Meta has dated the state in which the account was found.
 */
export function deriveStateSpans(
  changes: readonly StateChange[],
  now: StateNow,
  knownSince: number,
  { from, to }: { from: number; to: number },
): StateSpan[] {
  const spans: StateSpan[] = [];
  let end = to;
  let current: { state: State; code: number | null } | null = now;
  let since = Math.min(knownSince, now.since ?? knownSince);
  for (const change of changes.toReversed()) {
    if (current === null || end <= from) break;
    const isFound = change.from === null;
    // Found in the state it still has: that may have begun before we came.
    const at = isFound && current === now ? Math.min(change.at, now.since ?? change.at) : change.at;
    if (at < end) spans.push({ ...stand(current), from: Math.max(at, from), to: end });
    end = Math.min(end, at);
    current = change.from;
    since = knownSince;
  }
  const start = Math.max(from, since);
  if (current !== null && start < end) spans.push({ ...stand(current), from: start, to: end });
  return spans.reverse();
}

const stand = ({ state, code }: { state: State; code: number | null }) => ({ state, code });
