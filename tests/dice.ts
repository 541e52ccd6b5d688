/** Random numbers that come again with their seed. */
export interface Dice {
  /** From 0 up to, not including, 1. */
  roll(): number;
  /** A whole number from 0 to `sides` - 1. */
  below(sides: number): number;
  pick<T>(from: readonly T[]): T;
}

export function dice(seed: number): Dice {
  let state = seed >>> 0;
  // Mulberry32: small, and good enough to choose test cases.
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (sides: number): number => Math.floor(roll() * sides);
  return { roll, below, pick: (from) => from[below(from.length)]! };
}

/** Whether the long campaigns run: `LONG=1`. */
export const isLong = process.env['LONG'] === '1';
