const firstMs = 1000;
const longestMs = 15_000;

/** How long to wait before the n-th try (from 1) to get the line back; `random` (0 to 1) spreads many readers. */
export function reconnectDelayMs(attempt: number, random: number): number {
  const full = Math.min(longestMs, firstMs * 2 ** (attempt - 1));
  return Math.max(firstMs, Math.round(full * (0.7 + 0.3 * random)));
}
