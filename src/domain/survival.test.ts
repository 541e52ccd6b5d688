import { expect, test } from 'vitest';
import { median, medianLife, survivalCurve } from './survival.ts';

const spans = (text: string) =>
  text.split(' ').map((one) => ({ days: Number.parseFloat(one), isDeath: !one.endsWith('+') }));

test('the curve of the 6-mercaptopurine trial is the one in the textbooks', () => {
  // Freireich et al. 1963, as in Cox and Oakes: 21 patients, 9 relapses, the median is 23 weeks.
  const curve = survivalCurve(spans('6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+'));
  expect(curve.map(({ days, atRisk, deaths, share }) => [days, atRisk, deaths, share.toFixed(3)])).toEqual([
    [6, 21, 3, '0.857'],
    [7, 17, 1, '0.807'],
    [10, 15, 1, '0.753'],
    [13, 12, 1, '0.690'],
    [16, 11, 1, '0.627'],
    [22, 7, 1, '0.538'],
    [23, 6, 1, '0.448'],
  ]);
  expect(medianLife(curve)).toBe(23);
});

test('the control group of the same trial, where nobody is censored, falls by plain shares', () => {
  const curve = survivalCurve(spans('1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23'));
  expect(curve.find(({ days }) => days === 8)?.share).toBeCloseTo(8 / 21, 10);
  expect(medianLife(curve)).toBe(8);
});

test.each([
  ['nothing', [], null],
  ['only the living', spans('3+ 9+'), null],
  ['one death of two', spans('3 9+'), 3],
  ['fewer than half dead', spans('3 9+ 9+'), null],
])('the median life of %s', (_name, given, expected) =>
  expect(medianLife(survivalCurve(given))).toBe(expected),
);

test.each([
  [[], null],
  [[4], 4],
  [[9, 1, 5], 5],
  [[1, 2, 4, 100], 3],
])('the middle of %o is %o', (values, expected) => expect(median(values)).toBe(expected));
