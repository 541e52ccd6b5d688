import { expect, test } from 'vitest';
import { convertSums, inEuros, problemOfRates, type Rate, ratesAge, ratesOf } from './exchange.ts';

const day = '2026-11-23';
const rates = ratesOf([
  { currency: 'USD', perEuro: 1.08, day },
  { currency: 'JPY', perEuro: 162, day: '2026-11-20' },
]);

test('sums become one, in minor units, with the days of the rates that were used', () => {
  const sums = [
    { currency: 'USD', spendMinor: 10_800 },
    { currency: 'EUR', spendMinor: 10_000 },
    { currency: 'JPY', spendMinor: 16_200 },
  ];
  expect(convertSums(sums, 'USD', rates)).toEqual({
    currency: 'USD',
    minor: 10_800 + 10_800 + 10_800,
    days: { from: '2026-11-20', to: day },
    missing: [],
  });
  expect(convertSums(sums, 'JPY', rates)?.minor).toBe(3 * 16_200);
});

test('what has no rate is named and left out, never a silent zero', () => {
  const sums = [
    { currency: 'USD', spendMinor: 500 },
    { currency: 'VND', spendMinor: 9_000_000 },
  ];
  expect(convertSums(sums, 'USD', rates)).toMatchObject({ minor: 500, days: null, missing: ['VND'] });
  expect(convertSums([sums[1]!], 'USD', rates)).toBeNull();
  expect(convertSums(sums, 'BRL', rates)).toBeNull();
  expect(convertSums(sums, 'USD', ratesOf([]))).toBeNull();
  expect(inEuros(9, 'VND', rates)).toBeNull();
});

test('rates older than four days say so', () => {
  const converted = convertSums([{ currency: 'EUR', spendMinor: 1 }], 'USD', rates)!;
  expect(ratesAge(converted, '2026-11-27')).toBeNull();
  expect(ratesAge(converted, '2026-11-28')).toBe(5);
});

const list = (change: Partial<Rate> = {}): Rate[] =>
  [...'ABCDEFGHIJ'].map((letter, place) => ({
    currency: `AA${letter}`,
    perEuro: 1.5,
    day,
    ...(place === 0 ? change : {}),
  }));

test.each<[string, Rate[], RegExp | null]>([
  ['a list as it should be', list(), null],
  ['a list that is too short', list().slice(1), /only 9/],
  ['a rate of nothing', list({ perEuro: 0 }), /at 0/],
  ['a rate that is no number', list({ perEuro: NaN }), /NaN/],
  ['a day long past', list({ day: '2026-10-01' }), /2026-10-01/],
  ['a day to come', list({ day: '2026-11-26' }), /2026-11-26/],
  ['a day that is none', list({ day: 'x' }), /the day x/],
  ['a misplaced comma', list({ perEuro: 15 }), /from 1.5 to 15/],
])('%s', (_words, published, problem) => {
  const told = problemOfRates(published, ratesOf(list()), '2026-11-24');
  if (problem === null) expect(told).toBeNull();
  else expect(told).toMatch(problem);
});
