/** How sure a rate is. Pure arithmetic: no clock, no dice. */

export interface Interval {
  low: number;
  high: number;
}

/** Below these a figure would say more than is known. */
export const fewestDeaths = 5;
export const fewestDays = 100;

/** Half of what lies outside of a 95% interval. */
const tail = 0.025;
/** The normal quantile that belongs to it. */
const z95 = 1.959964;

/** Chance of at most `count` events where `expected` are expected. Summed in logarithms, so that large counts do not underflow. */
function poissonAtMost(count: number, expected: number): number {
  if (expected <= 0) return 1;
  let logTerm = -expected;
  let sum = Math.exp(logTerm);
  for (let n = 1; n <= count; n++) {
    logTerm += Math.log(expected / n);
    sum += Math.exp(logTerm);
  }
  return Math.min(1, sum);
}

/** The value between `low` and `high` at which a falling function meets `wanted`. */
function solve(falling: (x: number) => number, wanted: number, low: number, high: number): number {
  for (let step = 0; step < 100; step++) {
    const middle = (low + high) / 2;
    if (falling(middle) > wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/**
 * The exact 95% interval of a Poisson mean after `count` events were seen (Garwood 1936): the means under which so many, or
 * so few, are still likelier than 2.5%.
 */
export function poissonInterval(count: number): Interval {
  const most = count + 20 + 6 * Math.sqrt(count);
  return {
    low: count === 0 ? 0 : solve((mean) => poissonAtMost(count - 1, mean), 1 - tail, 0, most),
    high: solve((mean) => poissonAtMost(count, mean), tail, 0, most),
  };
}

/** Events per 100 units of exposure with the exact 95% interval; null without exposure. */
export function ratePer100(count: number, exposure: number): ({ value: number } & Interval) | null {
  if (exposure <= 0) return null;
  const { low, high } = poissonInterval(count);
  const per = (mean: number) => (mean / exposure) * 100;
  return { value: per(count), low: per(low), high: per(high) };
}

/**
 * How many standard errors a difference must have to be beyond chance at 95% for `comparisons` of them together (Bonferroni).
 * The quantile is Abramowitz and Stegun's 26.2.23, off by less than 0.0005.
 */
export function strictness(comparisons: number): number {
  const t = Math.sqrt(-2 * Math.log(tail / Math.max(1, comparisons)));
  const over = 2.515517 + 0.802853 * t + 0.010328 * t * t;
  return t - over / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
}

/** What was paid, and for how many clicks. Minor units of one currency. */
export interface Paid {
  spendMinor: number;
  clicks: number;
}

/**
 * How many times dearer a click of `one` is than of `other`, with the interval of the ratio of two rates on the log scale:
 * ln r ± z √(1/clicks + 1/clicks), the 95% one by itself. Null while one side has no clicks or paid nothing.
 */
export function costRatio(one: Paid, other: Paid, z = z95): ({ value: number } & Interval) | null {
  if (one.clicks <= 0 || other.clicks <= 0 || one.spendMinor <= 0 || other.spendMinor <= 0) return null;
  const value = one.spendMinor / one.clicks / (other.spendMinor / other.clicks);
  const spread = Math.exp(z * Math.sqrt(1 / one.clicks + 1 / other.clicks));
  return { value, low: value / spread, high: value * spread };
}
