/** How an account's demand is spread over the hours of its day. */
import { chance, Draw } from './random.ts';

/** Weight of each local hour: quiet nights, a working-day hump, a higher evening. */
const HOURS = [
  2.2, 1.6, 1.2, 1.0, 1.1, 1.6, 2.6, 3.6, 4.3, 4.7, 4.9, 5.0, 5.1, 5.0, 4.9, 5.0, 5.2, 5.5, 6.0, 6.6, 6.9,
  6.4, 5.1, 3.5,
];

/** A running total: entry h is the share (0..1) of the day's demand that is met when hour h begins. */
export type DayCurve = readonly number[];

/** The curve of one account on one day. */
export function dayCurve(seed: number, index: number, day: number): DayCurve {
  const weights = HOURS.map(
    (weight, hour) => weight * (0.7 + 0.6 * chance(seed, Draw.hourNoise, index, day, hour)),
  );
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let sum = 0;
  const curve = weights.map((weight) => {
    const before = sum / whole;
    sum += weight;
    return before;
  });
  return [...curve, 1];
}

/** The share of the day's demand that is met when a share of the day's time has passed. */
export function metDemand(curve: DayCurve, share: number): number {
  const hour = Math.min(23, Math.max(0, Math.floor(share * 24)));
  const from = curve[hour] ?? 0;
  const to = curve[hour + 1] ?? 1;
  return from + (to - from) * Math.min(1, Math.max(0, share * 24 - hour));
}
