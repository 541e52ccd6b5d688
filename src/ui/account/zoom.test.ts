import { expect, test } from 'vitest';
import { movedTo, nearestPoint, pointBeside, zoomed } from './zoom.ts';

const whole = [0, 86_400] as const;

test.each([
  [0.5, 43_200, [21_600, 64_800]],
  [0.5, 0, [0, 43_200]],
  [0.001, 43_200, [42_750, 43_650]],
  [2, 43_200, null],
])('a lens of %d around %i shows %j', (factor, center, view) => {
  expect(zoomed(whole, whole, factor, center)).toEqual(view);
});

test('zooming out at the edge stays within the whole', () => {
  expect(zoomed([80_000, 86_400], whole, 2, 86_400)).toEqual([73_600, 86_400]);
});

test('a view follows what is looked at', () => {
  expect(movedTo([0, 1000], whole, 500)).toEqual([0, 1000]);
  expect(movedTo([0, 1000], whole, 86_400)).toEqual([85_400, 86_400]);
});

test('steps go from point to point, over midnights and holes', () => {
  const point = [-1, 0, -1, 1, 2, -1];
  expect(pointBeside(point, null, -1)).toBe(4);
  expect(pointBeside(point, 3, -1)).toBe(1);
  expect(pointBeside(point, 1, -1)).toBe(1);
  expect(pointBeside(point, 4, 5)).toBe(4);
  expect(pointBeside([-1], null, 1)).toBeNull();
  expect(nearestPoint(point, 2)).toBe(1);
  expect(nearestPoint(point, 5)).toBe(4);
  expect(nearestPoint([-1, -1], 0)).toBeNull();
});
