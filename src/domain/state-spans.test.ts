import { expect, test } from 'vitest';
import { deriveStateSpans, type StateChange } from './state-spans.ts';

const active = { state: 'active', code: 1 } as const;
const grace = { state: 'warning', code: 9 } as const;
const dead = { state: 'suspended', code: 2 } as const;
const window = { from: 100, to: 200 };
const spans = (
  changes: StateChange[],
  now: { state: 'active' | 'suspended'; code: number; since?: number },
  known = 0,
) =>
  deriveStateSpans(changes, { since: null, ...now }, known, window).map(({ state, from, to }) => [
    state,
    from,
    to,
  ]);

test('changes cut the window; one before it only tells how it began', () => {
  expect(
    spans(
      [
        { at: 50, from: active, to: grace },
        { at: 150, from: grace, to: dead },
      ],
      dead,
    ),
  ).toEqual([
    ['warning', 100, 150],
    ['suspended', 150, 200],
  ]);
});

test('of the time before the account was known nothing is said', () => {
  expect(spans([{ at: 130, from: null, to: active }], active, 130)).toEqual([['active', 130, 200]]);
  expect(spans([], active, 130)).toEqual([['active', 130, 200]]);
});

test('a state that Meta dates to before we came is told from then on', () => {
  expect(spans([{ at: 130, from: null, to: dead }], { ...dead, since: 110 }, 130)).toEqual([
    ['suspended', 110, 200],
  ]);
});

test('without changes it stood as it stands', () => {
  expect(spans([], active)).toEqual([['active', 100, 200]]);
});
