import { expect, test } from 'vitest';
import { ticks } from './ticks.ts';

const hour = 3600;
const day = 24 * hour;
const dawns = [5 * hour, 5 * hour + day, 5 * hour + 2 * day, 5 * hour + 3 * day];

test('many days bear their midnights, thinned where there is no room', () => {
  expect(ticks(dawns, [0, 4 * day], 5)).toEqual(dawns);
  expect(ticks(dawns, [0, 4 * day], 2)).toEqual([dawns[0], dawns[2]]);
});

test('hours are counted from the midnight of the zone', () => {
  expect(ticks(dawns, [0, day], 8)).toEqual([2, 5, 8, 11, 14, 17, 20, 23].map((at) => at * hour));
  expect(ticks(dawns, [6 * hour, 7 * hour], 4)).toEqual([6, 6.25, 6.5, 6.75, 7].map((at) => at * hour));
});

test('a stretch without a midnight has its hours too', () => {
  expect(ticks([], [hour, 3 * hour], 2)).toEqual([hour, 2 * hour, 3 * hour]);
});
