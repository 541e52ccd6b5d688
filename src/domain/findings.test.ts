import { expect, test } from 'vitest';
import { findDear } from './findings.ts';

/** `id: clicks at price`, the price in minor units per click. */
const fleet = (...given: [string, number, number][]) =>
  given.map(([accountId, clicks, price]) => ({ accountId, clicks, spendMinor: clicks * price }));
const ids = (found: ReturnType<typeof findDear>) => found?.accounts.map(({ accountId }) => accountId) ?? null;

test.each([
  ['one dear account', fleet(['a', 400, 70], ['b', 400, 50], ['c', 400, 50]), ['a']],
  [
    'three that hide each other',
    fleet(['a', 400, 70], ['b', 400, 70], ['c', 400, 69], ['d', 300, 50], ['e', 300, 50], ['f', 300, 50]),
    ['a', 'b', 'c'],
  ],
  ['a quarter is enough', fleet(['a', 2000, 125], ['b', 4000, 100], ['c', 4000, 100]), ['a']],
  ['less than a quarter is not', fleet(['a', 2000, 124], ['b', 4000, 100], ['c', 4000, 100]), null],
  ['99 clicks say nothing', fleet(['a', 99, 200], ['b', 400, 50], ['c', 400, 50]), null],
  ['100 clicks do', fleet(['a', 100, 200], ['b', 400, 50], ['c', 400, 50]), ['a']],
  ['a rest of 499 clicks says nothing', fleet(['a', 400, 200], ['b', 250, 50], ['c', 249, 50]), null],
  ['500 do', fleet(['a', 400, 200], ['b', 250, 50], ['c', 250, 50]), ['a']],
  // Two are compared: ln 1.27 = 0.239 lies within 2.24 √(1/100 + 1/600) = 0.242, ln 1.28 = 0.247 beyond it.
  [
    'what chance explains is none',
    fleet(['a', 100, 127], ['b', 300, 100], ['c', 99, 100], ['d', 99, 100], ['e', 99, 100], ['f', 3, 100]),
    null,
  ],
  [
    'what it does not is one',
    fleet(['a', 100, 128], ['b', 300, 100], ['c', 99, 100], ['d', 99, 100], ['e', 99, 100], ['f', 3, 100]),
    ['a'],
  ],
  ['alone with one other', fleet(['a', 1000, 90], ['b', 1000, 50]), ['a']],
  ['never more than half', fleet(['a', 1000, 90], ['b', 1000, 90], ['c', 1000, 50]), null],
  ['alone', fleet(['a', 1000, 90]), null],
  ['nobody', [], null],
])('%s', (_what, given, expected) => expect(ids(findDear(given))).toEqual(expected));

test('the finding says what was paid, by how much more, and what would have been kept', () => {
  const found = findDear(fleet(['a', 600, 70], ['b', 640, 70], ['c', 2000, 50], ['d', 3000, 50]));
  expect(found).toMatchObject({
    paid: { spendMinor: 86_800, clicks: 1240 },
    rest: { spendMinor: 250_000, clicks: 5000, accounts: 2 },
    savedMinor: 24_800,
  });
  expect(found?.ratio).toBeCloseTo(1.4, 10);
  expect(found?.low).toBeGreaterThan(1.25);
});
