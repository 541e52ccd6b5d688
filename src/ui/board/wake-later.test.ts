import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { wakeLater } from './wake-later.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('a few wake in each task, in the order in which they came', () => {
  const awake: number[] = [];
  for (let n = 1; n <= 9; n++) wakeLater(() => awake.push(n));
  expect(awake).toEqual([]);
  vi.advanceTimersToNextTimer();
  expect(awake).toEqual([1, 2, 3, 4]);
  vi.advanceTimersToNextTimer();
  vi.advanceTimersToNextTimer();
  expect(awake).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(vi.getTimerCount()).toBe(0);
});

test('what is gone before its turn does not wake, and holds up nobody', () => {
  const awake: string[] = [];
  const withdraw = wakeLater(() => awake.push('gone'));
  withdraw();
  wakeLater(() => awake.push('here'));
  vi.runAllTimers();
  expect(awake).toEqual(['here']);
  wakeLater(() => awake.push('later'));
  vi.runAllTimers();
  expect(awake).toEqual(['here', 'later']);
});
