import { describe, expect, test } from 'vitest';
import type { AccountCard } from '../../contract/account-card.ts';
import { activeCard, fixtureNow } from '../board/board.fixture.ts';
import { startMoment } from '../live/moment.ts';
import { isStale, lookOf } from './look.ts';

test.each([
  ['active', 1, 'active'],
  ['warning', 3, 'stopped'],
  ['warning', 7, 'stopped'],
  ['warning', 8, 'warning'],
  ['warning', 9, 'warning'],
  ['suspended', 2, 'suspended'],
  ['closing', 100, 'closing'],
  ['closed', 101, 'closed'],
  ['access_lost', 1, 'lost'],
  ['unknown', 202, 'unknown'],
  ['unknown', null, 'unknown'],
] as const)('%s with code %s looks %s', (state, statusCode, look) => {
  expect(lookOf({ state, statusCode })).toBe(look);
});

describe('an age beyond two intervals is stale', () => {
  const cadence = { sweepMs: 60_000, metricsMs: 300_000 };
  const minute = 60_000;
  const dead = { state: 'suspended', statusCode: 2 } as const;
  test.each<[string, Partial<AccountCard>, boolean]>([
    ['fresh', {}, false],
    ['status 2 min old', { observedAt: fixtureNow - 2 * minute }, false],
    ['status older than 2 min', { observedAt: fixtureNow - 2 * minute - 1 }, true],
    ['figures 10 min old', { metricsAt: fixtureNow - 10 * minute }, false],
    ['figures older than 10 min', { metricsAt: fixtureNow - 10 * minute - 1 }, true],
    ['dead, with the figures of its last hour', { ...dead, metricsAt: fixtureNow - 600 * minute }, false],
    ['dead and unseen', { ...dead, observedAt: fixtureNow - 3 * minute }, true],
    ['never read', { observedAt: null, metricsAt: null, state: 'unknown', statusCode: null }, false],
  ])('%s', (_, change, stale) => {
    expect(isStale({ ...activeCard, ...change }, startMoment(fixtureNow), cadence)).toBe(stale);
  });
});
