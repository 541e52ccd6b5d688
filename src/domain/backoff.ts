/** A failed attempt. Instants are epoch ms; `attempts` counts all so far, this one too; `random` is 0 to 1. */
export interface FailedAttempt {
  attempts: number;
  /** How long the receiver asked us to wait, in milliseconds; null when it did not say. */
  retryAfterMs: number | null;
  now: number;
  /** When the delivery was created; it is given up a day later. */
  createdAt: number;
  random: number;
}

const firstDelayMs = 5_000;
const shortestDelayMs = 1_000;
const longestDelayMs = 15 * 60_000;
/** How long a delivery is tried before it is dead, in milliseconds. */
const patienceMs = 24 * 3_600_000;

/**
 * When to try again (epoch ms), or `dead` once a day has gone by.
 * Exponential with full jitter up to 15 minutes, never sooner than the receiver asked; the last try falls on the end of the day.
 */
export function nextAttemptAt(failure: FailedAttempt): number | 'dead' {
  const { attempts, now, createdAt, random } = failure;
  const giveUpAt = createdAt + patienceMs;
  if (now >= giveUpAt) return 'dead';
  const ceilingMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempts - 1, 20));
  const ownDueAt = now + Math.max(shortestDelayMs, Math.round(random * ceilingMs));
  return Math.max(Math.min(ownDueAt, giveUpAt), now + trustedWaitMs(failure.retryAfterMs));
}

/** A receiver's wait, in milliseconds; one beyond our patience is taken for a mistake and cut. */
export function trustedWaitMs(retryAfterMs: number | null): number {
  return Math.min(Math.max(retryAfterMs ?? 0, 0), patienceMs);
}
