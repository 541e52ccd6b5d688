import { expect, test } from 'vitest';
import { averageCurve, deriveDayCurve, deriveUsualDay, shareByMinute } from './day-curve.ts';
import { derivePace } from './pace.ts';

/** Spends from 8 to 20 o'clock, evenly. */
const office = Array.from({ length: 24 }, (_, hour) => (hour >= 8 && hour < 20 ? 100 : 0));
const curve = deriveDayCurve(office) ?? [];
const limit = { minor: 10_000, source: 'meta' as const };
const zone = 'America/New_York';
/** A time of a day without a change of the clocks, in New York. */
const at = (time: string) => Date.parse(`2026-11-24T${time}:00-05:00`);
const pace = (spendMinor: number, time: string) =>
  derivePace(spendMinor, limit, at(time), zone, deriveUsualDay(curve, spendMinor, limit, at(time), zone));

test.each([
  [0, 0],
  [8 * 60, 0],
  [8 * 60 + 30, 0.5 / 12],
  [14 * 60, 0.5],
  [20 * 60, 1],
  [24 * 60 - 1, 1],
])('by minute %i of the day %d is usually spent', (minute, share) =>
  expect(shareByMinute(curve, minute)).toBeCloseTo(share, 3),
);

test('nothing spent makes no curve, and no curves have no middle', () => {
  expect(deriveDayCurve(office.map(() => 0))).toBeNull();
  expect(averageCurve([])).toBeNull();
});

test('the middle of a vendor gives each account the same weight', () => {
  const late = deriveDayCurve(office.map((_, hour) => (hour === 23 ? 1_000_000 : 0))) ?? [];
  expect(shareByMinute(averageCurve([curve, late]) ?? [], 20 * 60)).toBeCloseTo(0.5, 3);
});

test('a morning that is usually quiet is no reason to call an account behind', () => {
  // A third of the day is over, and usually nothing is spent by then: evenly this would be far behind.
  expect(derivePace(400, limit, at('08:30'), zone).word).toBe('UNDER');
  expect(pace(400, '08:30')).toMatchObject({ word: 'ON TARGET', projectedMinor: 9_604 });
});

test('when the limit is met follows the curve', () => {
  expect(pace(7_500, '14:00')).toMatchObject({ projectedMinor: 10_000, limitAt: at('16:00') });
  expect(pace(4_000, '14:00')).toMatchObject({ projectedMinor: 8_000, limitAt: null });
  // In the evening nothing more is usually spent.
  expect(pace(9_000, '21:00')).toMatchObject({ projectedMinor: 9_000, limitAt: null, word: 'ON TARGET' });
});

test('where hardly anything is usually spent yet, it is too early to say', () => {
  expect(pace(50, '07:00')).toMatchObject({ word: 'EARLY', projectedMinor: null, limitAt: null });
});
