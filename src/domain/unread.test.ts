import { expect, test } from 'vitest';
import { deriveUnread } from './unread.ts';

const window = { from: 0, to: 7200 };
const cycle = { cycle: 300, isByDay: false };
const every = (step: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => ({ at: from + i * step, span: 300 }));

test('one missed cycle is no hole, two are', () => {
  const points = every(300, 300, 7200);
  expect(deriveUnread(points, window, [], cycle)).toEqual([]);
  expect(deriveUnread(points.toSpliced(5, 1), window, [], cycle)).toEqual([]);
  expect(deriveUnread(points.toSpliced(5, 2), window, [], cycle)).toEqual([{ from: 1500, to: 2100 }]);
});

test('before the first point and after the last one nothing is known', () => {
  expect(deriveUnread(every(300, 3600, 5400), window, [], cycle)).toEqual([
    { from: 0, to: 3300 },
    { from: 5400, to: 7200 },
  ]);
  expect(deriveUnread([], window, [], cycle)).toEqual([{ from: 0, to: 7200 }]);
});

test('while it is down, an hour between two readings is as it should be', () => {
  expect(deriveUnread(every(3600, 0, 7200), window, [{ from: 0, to: 7200 }], cycle)).toEqual([]);
});

test('a missing day is a hole, a day of 25 hours is none', () => {
  const days = [0, 86_400, 3 * 86_400, 4 * 86_400 + 3600].map((at) => ({ at, span: 86_400 }));
  const whole = { from: 0, to: 5 * 86_400 };
  expect(deriveUnread(days, whole, [], { cycle: 300, isByDay: true })).toEqual([
    { from: 2 * 86_400, to: 3 * 86_400 },
  ]);
});
