import { describe, expect, it } from 'vitest';
import { nextAttemptAt, trustedWaitMs } from './backoff.ts';

const hour = 3_600_000;
const day = 24 * hour;
const first = { attempts: 1, retryAfterMs: null, now: 0, createdAt: 0, random: 1 };

describe('nextAttemptAt', () => {
  it.each([
    ['first failure, longest draw', { ...first }, 5_000],
    ['half a draw is half the delay', { ...first, random: 0.5 }, 2_500],
    ['a draw of zero still waits a second', { ...first, random: 0 }, 1_000],
    ['doubles with each attempt', { ...first, attempts: 4 }, 40_000],
    ['stops growing at 15 minutes', { ...first, attempts: 9 }, 900_000],
    ['any number of attempts', { ...first, attempts: 5_000 }, 900_000],
    ['counts from now', { ...first, now: hour }, hour + 5_000],
    ['a longer Retry-After wins', { ...first, retryAfterMs: 60_000 }, 60_000],
    ['a shorter Retry-After does not shorten', { ...first, attempts: 4, retryAfterMs: 1_000 }, 40_000],
    ['a Retry-After in the past is none', { ...first, retryAfterMs: -5_000 }, 5_000],
    ['the last try falls on the end of the day', { ...first, attempts: 9, now: day - 60_000 }, day],
    [
      'Retry-After is kept beyond the end of the day',
      { ...first, now: day - 1, retryAfterMs: hour },
      day - 1 + hour,
    ],
    ['an absurd Retry-After is cut to a day', { ...first, retryAfterMs: 1_000 * day }, day],
    ['a clock that fell behind', { ...first, now: -hour }, -hour + 5_000],
    ['dead after 24 hours', { ...first, now: day }, 'dead'],
    ['dead after 24 hours, whatever was asked', { ...first, now: day + 1, retryAfterMs: 1_000 }, 'dead'],
  ] as const)('%s', (_name, failure, expected) => {
    expect(nextAttemptAt(failure)).toBe(expected);
  });
});

it('trusts a wait up to a day', () => {
  expect([null, -1, 0, 30_000, 2 * day].map(trustedWaitMs)).toEqual([0, 0, 0, 30_000, day]);
});
