import { describe, expect, test } from 'vitest';
import { exposureOf, livesOf } from './lives.ts';

const day = 86_400_000;
const down = (at: number) => ({ at: at * day, isDown: true });
const up = (at: number) => ({ at: at * day, isDown: false });

/** [what, found down, turns, watched until, lives as [from, to, ended by death], returns]; all in days. */
test.each([
  ['alive all the time', false, [], 10, [[0, 10, false]], 0],
  ['dies', false, [down(4)], 10, [[0, 4, true]], 0],
  ['dies a moment ago', false, [down(10)], 10, [[0, 10, true]], 0],
  ['comes back within three days', false, [down(4), up(7)], 10, [[0, 10, false]], 1],
  [
    'comes back later: a new life',
    false,
    [down(4), up(8)],
    10,
    [
      [0, 4, true],
      [8, 10, false],
    ],
    0,
  ],
  ['returns, then dies', false, [down(2), up(3), down(9)], 20, [[0, 9, true]], 1],
  ['disabled, then closed: one death', false, [down(4), down(6)], 10, [[0, 4, true]], 0],
  [
    'dies twice',
    false,
    [down(2), up(8), down(9)],
    20,
    [
      [0, 2, true],
      [8, 9, true],
    ],
    0,
  ],
  ['found dead', true, [], 10, [], 0],
  ['found dead, comes back', true, [up(5)], 10, [[5, 10, false]], 0],
  ['found dead, back, dead again and back', true, [up(5), down(6), up(7)], 10, [[5, 10, false]], 1],
  ['archived before it died', false, [down(12)], 10, [[0, 10, false]], 0],
] as const)('%s', (_what, isFoundDown, turns, until, expected, returns) => {
  const found = livesOf({ addedAt: 0, isFoundDown, turns, watchedUntil: until * day });
  expect(found.lives.map(({ from, to, isDeath }) => [from / day, to / day, isDeath])).toEqual(expected);
  expect(found.returns).toBe(returns);
});

describe('exposure', () => {
  const { lives } = livesOf({
    addedAt: 0,
    isFoundDown: false,
    turns: [down(4), up(8), down(9)],
    watchedUntil: 20 * day,
  });
  test.each([
    [0, 20, 5, 2],
    [2, 20, 3, 2],
    [5, 20, 1, 1],
    [0, 4, 4, 0],
    [10, 20, 0, 0],
  ])('from day %i to %i: %i days, %i deaths', (since, until, days, deaths) =>
    expect(exposureOf(lives, since * day, until * day)).toEqual({ days, deaths }),
  );
});
