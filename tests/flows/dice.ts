export type Dice = () => number;

/** Numbers from 0 to 1 that a seed repeats. */
export function dice(seed: number): Dice {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}
