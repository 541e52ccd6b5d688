/** Chance in the simulated world: every draw is a hash of (seed, subject, ...), so asking twice answers the same. */

/** What a draw is about; keeps two draws about one account from being the same number. */
export const Draw = {
  fate: 1,
  market: 2,
  vendor: 3,
  business: 4,
  businessId: 5,
  accountId: 6,
  niche: 7,
  growth: 8,
  hazard: 9,
  cpc: 10,
  starter: 11,
  appetite: 12,
  created: 13,
  cap: 14,
  payment: 15,
  tasks: 16,
  ads: 17,
  adsDay: 18,
  season: 19,
  banLength: 20,
  banReason: 21,
  warning: 22,
  shock: 23,
  hiccup: 24,
  dayNoise: 25,
  hourNoise: 26,
  clickNoise: 27,
  limitPhase: 28,
  cycle: 29,
  fault: 30,
} as const;

/** Mixes integers into one well-spread unsigned 32-bit number. */
export function hash(...parts: number[]): number {
  let mixed = 0x2545f491;
  for (const part of parts) {
    mixed = Math.imul(mixed ^ part, 0x85ebca6b);
    mixed ^= mixed >>> 13;
    mixed = Math.imul(mixed, 0xc2b2ae35);
    mixed = (mixed ^ (mixed >>> 16)) + 0x9e3779b9;
  }
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 12)) >>> 0;
}

/** A number in [0, 1) that depends on nothing but its arguments. */
export function chance(...parts: number[]): number {
  return hash(...parts) / 2 ** 32;
}

/** A number in [low, high). */
export function between(low: number, high: number, ...parts: number[]): number {
  return low + (high - low) * chance(...parts);
}

/** A waiting time with the given mean, in the mean's unit. */
export function exponential(mean: number, ...parts: number[]): number {
  return -Math.log(1 - chance(...parts)) * mean;
}

/** The numbers 0..size-1 in a seeded order. */
export function permutation(size: number, ...parts: number[]): number[] {
  const order = Array.from({ length: size }, (_, position) => position);
  for (let last = size - 1; last > 0; last--) {
    const other = hash(...parts, last) % (last + 1);
    const kept = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = kept;
  }
  return order;
}
