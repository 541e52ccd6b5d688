import { describe, expect, test } from 'vitest';
import { costRatio, poissonInterval, ratePer100, strictness } from './rates.ts';

/** Exact limits as printed in tables of the Poisson distribution (chi-square quantiles halved). */
test.each([
  [0, 0, 3.689],
  [1, 0.02532, 5.572],
  [2, 0.2422, 7.225],
  [5, 1.623, 11.668],
  [10, 4.795, 18.39],
  [50, 37.11, 65.92],
  [100, 81.36, 121.63],
  [2000, 1913.3, 2089.6],
])('of %i events the mean lies between %d and %d', (count, low, high) => {
  const interval = poissonInterval(count);
  expect(interval.low / (low || 1)).toBeCloseTo(low === 0 ? 0 : 1, 3);
  expect(interval.high / high).toBeCloseTo(1, 3);
});

describe('a rate', () => {
  test('is told per hundred', () => {
    const rate = ratePer100(5, 250);
    expect(rate?.value).toBe(2);
    expect(rate?.low).toBeCloseTo(0.649, 3);
    expect(rate?.high).toBeCloseTo(4.667, 3);
  });

  test('without exposure is none', () => expect(ratePer100(0, 0)).toBeNull());
});

describe('the ratio of two costs', () => {
  test('has the interval of the normal approximation on the log scale', () => {
    const ratio = costRatio({ spendMinor: 14_000, clicks: 100 }, { spendMinor: 100_000, clicks: 1000 });
    expect(ratio?.value).toBeCloseTo(1.4, 10);
    // ln 1.4 ± 1.959964 * sqrt(0.011)
    expect(ratio?.low).toBeCloseTo(1.1399, 4);
    expect(ratio?.high).toBeCloseTo(1.7195, 4);
  });

  test.each([
    [
      { spendMinor: 0, clicks: 10 },
      { spendMinor: 1, clicks: 10 },
    ],
    [
      { spendMinor: 10, clicks: 0 },
      { spendMinor: 1, clicks: 10 },
    ],
    [
      { spendMinor: 10, clicks: 1 },
      { spendMinor: 0, clicks: 0 },
    ],
  ])('of %o and %o is unknown', (one, other) => expect(costRatio(one, other)).toBeNull());
});

test.each([
  [1, 1.96],
  [2, 2.241],
  [10, 2.807],
  [100, 3.481],
])('%i comparisons ask for %d standard errors', (comparisons, z) =>
  expect(strictness(comparisons)).toBeCloseTo(z, 2),
);
