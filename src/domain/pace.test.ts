import { describe, expect, test } from 'vitest';
import { deriveFundsLeft, derivePace, deriveProgressPercent, resolveDailyLimit } from './pace.ts';

const limit = (minor: number) => ({ minor, source: 'meta' as const });
const noon = Date.parse('2026-11-22T12:00:00Z');
const pace = (spendMinor: number | null, at = noon) => derivePace(spendMinor, limit(10_000), at, 'UTC');

describe('the word beside the bar', () => {
  test.each([
    [9950, 'LIMIT REACHED'],
    [9949, 'ON TARGET'],
    [4500, 'ON TARGET'],
    [4499, 'BEHIND'],
    [3500, 'BEHIND'],
    [3499, 'UNDER'],
    [0, 'UNDER'],
  ])('%i of 10000 at noon is %s', (spend, word) => expect(pace(spend).word).toBe(word));

  test('in the first two hours it is too early to say, unless the limit is reached', () => {
    expect(pace(1, Date.parse('2026-11-22T01:59:59Z'))).toMatchObject({
      word: 'EARLY',
      projectedMinor: null,
    });
    expect(pace(9950, Date.parse('2026-11-22T00:30:00Z')).word).toBe('LIMIT REACHED');
    expect(pace(1, Date.parse('2026-11-22T02:00:00Z')).word).toBe('UNDER');
  });

  test('no limit, an unknown one and an unknown spend are three things', () => {
    const without = (source: 'unlimited' | 'unknown') =>
      derivePace(500, { minor: null, source }, noon, 'UTC');
    expect(without('unlimited')).toMatchObject({
      word: 'NO LIMIT',
      projectedMinor: 1000,
      expectedShare: null,
    });
    expect(without('unknown')).toMatchObject({ word: 'LIMIT UNKNOWN', expectedShare: null });
    expect(pace(null)).toMatchObject({ word: 'LIMIT UNKNOWN', projectedMinor: null });
  });
});

test('the projection ends at the limit and says when', () => {
  expect(pace(6000)).toMatchObject({ projectedMinor: 10_000, limitAt: noon + 8 * 3_600_000 });
  expect(pace(4000)).toMatchObject({ projectedMinor: 8000, limitAt: null });
  expect(pace(0).limitAt).toBeNull();
});

test.each([
  [24_780, 25_000, 99.1],
  [0, 25_000, 0],
  [null, 25_000, null],
  [100, 0, null],
])('%s of %s is %s per cent', (spend, ceiling, percent) => {
  expect(deriveProgressPercent(spend, limit(ceiling))).toBe(percent);
});

test("the operator's word comes before Meta's", () => {
  expect(resolveDailyLimit(5, limit(9))).toEqual({ minor: 5, source: 'operator' });
  expect(resolveDailyLimit(null, limit(9))).toEqual({ minor: 9, source: 'meta' });
});

test.each([
  [{ minor: 100, source: 'meta' } as const, 30, 70],
  [{ minor: 100, source: 'meta' } as const, 130, 0],
  [{ minor: 100, source: 'meta' } as const, null, null],
  [{ minor: null, source: 'none' } as const, 30, null],
])('of cap %j with %s spent there is %s left', (cap, spent, left) => {
  expect(deriveFundsLeft(cap, spent)).toBe(left);
});
