import { expect, test } from 'vitest';
import { agrees, auditDays, type ComparedDay } from './accuracy.ts';

test.each([
  [10_000, 10_000, true],
  [9_800, 10_000, true],
  [9_799, 10_000, false],
  [10_200, 10_000, true],
  [10_201, 10_000, false],
  [0, 100, true],
  [0, 101, false],
  [0, 0, true],
])('%i against %i agrees: %s', (figure, closed, expected) => expect(agrees(figure, closed)).toBe(expected));

const day = (n: number, liveMinor: number, growthMinor: number | null = null): ComparedDay => ({
  ...{
    accountId: `act_${n}`,
    day: '2026-11-23',
    currency: 'USD',
    liveMinor,
    closedMinor: 10_000,
    growthMinor,
  },
});

test('a night counts who agrees, names the worst first, and compares the growth of the counter where it is known', () => {
  const audit = auditDays([day(1, 10_000, 10_000), day(2, 9_000, 5_000), day(3, 5_000), day(4, 9_900, -3)]);
  expect(audit).toMatchObject({ accounts: 4, within: 2, growthCompared: 2, growthApart: 1 });
  expect(audit.worst.map(({ accountId }) => accountId)).toEqual(['act_3', 'act_2']);
});

test('at most ten are named', () => {
  expect(auditDays(Array.from({ length: 12 }, (_, n) => day(n, n))).worst).toHaveLength(10);
});
