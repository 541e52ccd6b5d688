import { describe, expect, test } from 'vitest';
import type { AlertKind } from './alert.ts';
import { alertKindOf } from './change-alert.ts';
import { deriveChanges, type Known } from './transition.ts';

const known: Known = {
  statusCode: 1,
  hasAccess: true,
  isArchived: false,
  metaLimit: { minor: 25_000, source: 'meta' },
  spendCap: { minor: 2_000_000, source: 'meta' },
  amountSpentMinor: 1000,
};
const after = (more: Partial<Known>) => deriveChanges(known, { ...known, ...more });

test('an account never seen is discovered, whatever its state, and nobody is woken', () => {
  const [change, ...more] = deriveChanges(null, { ...known, statusCode: 2 });
  expect([change, more]).toEqual([{ kind: 'discovered', toState: 'suspended', toCode: 2 }, []]);
  expect(change && alertKindOf(change, 'USD')).toBeNull();
});

test('nothing new is no change, and more spend is none either', () => {
  expect(after({})).toEqual([]);
  expect(after({ amountSpentMinor: 5000 })).toEqual([]);
});

describe('unknown is no side of a change', () => {
  const unknown = { minor: null, source: 'unknown' } as const;
  test.each([
    ['the limit', { metaLimit: unknown }],
    ['the cap', { spendCap: unknown }],
    ['the amount', { amountSpentMinor: null }],
  ])('%s', (_what, more) => {
    expect(deriveChanges(known, { ...known, ...more })).toEqual([]);
    expect(deriveChanges({ ...known, ...more }, known)).toEqual([]);
  });
  test('the status before the first reading', () => {
    expect(deriveChanges({ ...known, statusCode: null }, known)).toEqual([]);
  });
});

test.each<[string, Partial<Known>, object]>([
  [
    'a status',
    { statusCode: 2 },
    { kind: 'status_changed', fromCode: 1, toCode: 2, fromState: 'active', toState: 'suspended' },
  ],
  ['an unknown status', { statusCode: 202 }, { kind: 'status_changed', toCode: 202, toState: 'unknown' }],
  [
    'a limit',
    { metaLimit: { minor: 100, source: 'meta' } },
    { kind: 'daily_limit_changed', fromMinor: 25_000, toMinor: 100 },
  ],
  [
    'no limit any more',
    { metaLimit: { minor: null, source: 'unlimited' } },
    { kind: 'daily_limit_changed', toMinor: null },
  ],
  [
    'a cap',
    { spendCap: { minor: 5, source: 'meta' } },
    { kind: 'spend_cap_changed', fromMinor: 2_000_000, toMinor: 5 },
  ],
  [
    'no cap any more',
    { spendCap: { minor: null, source: 'none' } },
    { kind: 'spend_cap_changed', toMinor: null },
  ],
  [
    'an amount that went back',
    { amountSpentMinor: 10 },
    { kind: 'amount_spent_reset', fromMinor: 1000, toMinor: 10 },
  ],
  ['access', { hasAccess: false }, { kind: 'access_lost', fromState: 'active', toState: 'access_lost' }],
])('%s is one change', (_what, more, change) => {
  expect(after(more)).toEqual([expect.objectContaining(change)]);
});

test('an account that comes back suspended tells both', () => {
  const lost = { ...known, hasAccess: false };
  expect(deriveChanges(lost, { ...known, statusCode: 2 }).map(({ kind }) => kind)).toEqual([
    'access_regained',
    'status_changed',
  ]);
});

describe('the alert of a status change', () => {
  const codes = [1, 2, 3, 7, 8, 9, 100, 101, 202];
  const delivering = [1, 8, 9];
  const down = [2, 3, 7, 100, 101];
  const expected = (from: number, to: number): AlertKind | null => {
    if (to === 2) return 'account_suspended';
    if (to === 100) return 'account_closing';
    if (to === 101) return 'account_closed';
    if (to === 3 || to === 7) return from === 3 || from === 7 ? null : 'not_delivering';
    if (down.includes(from) && delivering.includes(to)) return 'account_restored';
    return (to === 8 || to === 9) && from !== 8 && from !== 9 ? 'payment_warning' : null;
  };
  test.each(codes.flatMap((from) => codes.filter((to) => to !== from).map((to) => [from, to] as const)))(
    'from %i to %i',
    (from, to) => {
      const [change] = deriveChanges({ ...known, statusCode: from }, { ...known, statusCode: to });
      expect(change && alertKindOf(change, 'USD')).toBe(expected(from, to));
    },
  );
});

test.each([
  ['daily_limit_changed', 25_000, 19_999, 'daily_limit_cut'],
  ['daily_limit_changed', 25_000, 20_000, null],
  ['daily_limit_changed', 25_000, 25_001, 'daily_limit_raised'],
  ['daily_limit_changed', 25_000, null, 'daily_limit_raised'],
  // Less than 10 units of money.
  ['daily_limit_changed', 2_000, 1_001, null],
  ['daily_limit_changed', 2_000, 1_000, 'daily_limit_cut'],
  ['daily_limit_changed', null, 25_000, 'daily_limit_cut'],
  ['daily_limit_changed', 25_000, 0, 'daily_limit_cut'],
  ['spend_cap_changed', 2_000_000, 1_000_000, 'spend_cap_cut'],
  ['spend_cap_changed', 2_000_000, 1_600_000, null],
  ['spend_cap_changed', 2_000_000, null, null],
  ['spend_cap_changed', null, 1000, null],
] as const)('%s from %s to %s wakes for %s', (kind, fromMinor, toMinor, alert) => {
  expect(alertKindOf({ kind, fromMinor, toMinor }, 'USD')).toBe(alert);
});
