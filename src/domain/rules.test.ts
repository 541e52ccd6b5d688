import { describe, expect, test } from 'vitest';
import { parseAccountId } from './account.ts';
import {
  accountAlertWords,
  connectionAlertWords,
  expiryAlertWords,
  massAlertWords,
  type AccountFacts,
} from './alert-words.ts';
import { isDegraded, isFailing } from './cycle-report.ts';
import { may, type Action, type Role } from './permissions.ts';
import { shortId } from './short-id.ts';
import { deriveState, disableReasonWords, isDelivering, statusLabel } from './status.ts';
import { changePercent, deriveCpcChange } from './trend.ts';
import { vendorMessage } from './vendor-message.ts';

test.each([
  ['act_1', true],
  ['act_12345678901234567890', true],
  ['act_123456789012345678901', false],
  ['act_', false],
  ['123', false],
  ['act_1; drop', false],
  [' act_1', false],
  [1, false],
  [null, false],
])('%j is an account id: %s', (text, isOne) => expect(parseAccountId(text) !== null).toBe(isOne));

test.each([
  [1, 'active', true],
  [2, 'suspended', false],
  [3, 'warning', false],
  [7, 'warning', false],
  [8, 'warning', true],
  [9, 'warning', true],
  [100, 'closing', false],
  [101, 'closed', false],
  [201, 'unknown', false],
  [null, 'unknown', false],
] as const)('code %s is %s', (statusCode, state, delivers) => {
  expect(deriveState({ statusCode, hasAccess: true, isArchived: false })).toBe(state);
  expect(isDelivering(statusCode)).toBe(delivers);
  expect(deriveState({ statusCode, hasAccess: false, isArchived: false })).toBe('access_lost');
  expect(deriveState({ statusCode, hasAccess: false, isArchived: true })).toBe('archived');
});

test('codes and reasons have words', () => {
  expect([1, 3, 202, null].map(statusLabel)).toEqual(['ACTIVE', 'UNSETTLED (3)', 'CODE 202', 'NOT READ YET']);
  expect([0, null, 1, 15, 16].map(disableReasonWords)).toEqual([
    null,
    null,
    'ads integrity policy',
    'account was hacked',
    'reason 16',
  ]);
});

describe('CPC against the days before', () => {
  const before = { spendMinor: 10_000, clicks: 100 };
  test.each([
    [{ spendMinor: 3300, clicks: 30 }, before, 10],
    [{ spendMinor: 2640, clicks: 30 }, before, -12],
    [{ spendMinor: 3300, clicks: 29 }, before, null],
    [{ spendMinor: null, clicks: 30 }, before, null],
    [{ spendMinor: 3300, clicks: 30 }, null, null],
    [{ spendMinor: 3300, clicks: 30 }, { spendMinor: 0, clicks: 0 }, null],
  ])('%j after %j is %s', (today, days, change) => expect(deriveCpcChange(today, days)).toBe(change));
  test('a change from nothing has no percentage', () => expect(changePercent(0, 5)).toBeNull());
});

test.each<[Role, Record<Action, boolean>]>([
  ['viewer', row(true, false, false)],
  ['analyst', row(true, true, false)],
  ['admin', row(true, true, true)],
])('a %s may what the table says', (role, allowed) => {
  for (const [action, isAllowed] of Object.entries(allowed))
    expect([action, may({ role, name: 'x' }, action as Action)]).toEqual([action, isAllowed]);
});
function row(looks: boolean, acts: boolean, changes: boolean): Record<Action, boolean> {
  return {
    'self:change': true,
    'accounts:read': looks,
    'alerts:read': looks,
    'alerts:receive': looks,
    'alerts:acknowledge': acts,
    'metrics:export': acts,
    'keys:own': acts,
    'notes:write': acts,
    'accounts:change': changes,
    'members:change': changes,
    'connections:change': changes,
    'channels:change': changes,
    'rules:change': changes,
    'simulation:control': changes,
  };
}
test('a role that is none may nothing', () => {
  expect(may({ role: 'owner' as Role, name: 'x' }, 'accounts:read')).toBe(false);
});

test('a cycle is degraded below 95% or above 45 s', () => {
  const report = (succeeded: number, durationMs = 0) => ({ attempted: 100, succeeded, durationMs });
  expect([report(95), report(94), report(100, 45_000), report(100, 45_001)].map(isDegraded)).toEqual([
    false,
    true,
    false,
    true,
  ]);
  expect(isFailing({ attempted: 0, succeeded: 0 }, 95)).toBe(false);
  expect([95, 94].map((succeeded) => isFailing({ attempted: 100, succeeded }, 95))).toEqual([false, true]);
  expect(isFailing({ attempted: 100, succeeded: 99 }, 100)).toBe(true);
});

test('short ids are six characters and never the same', () => {
  const ids = Array.from({ length: 100_000 }, (_, n) => shortId(n + 1));
  expect(new Set(ids).size).toBe(100_000);
  expect(ids.every((id) => /^[0-9A-HJKMNP-TV-Z]{6}$/.test(id))).toBe(true);
});

const facts: AccountFacts = {
  accountId: 'act_1',
  name: 'US-Finance-14',
  vendor: 'Agency Beta',
  currency: 'USD',
  disableReason: 1,
  spendMinor: 41_260,
  dailyLimitMinor: 60_000,
  fundsLeftMinor: null,
  balanceDueMinor: 120_477,
};

describe('the words of an alert', () => {
  const suspended = {
    kind: 'status_changed',
    fromCode: 1,
    toCode: 2,
    fromState: 'active',
    toState: 'suspended',
  } as const;
  test('name the account, what changed, and the facts that are known', () => {
    expect(accountAlertWords('account_suspended', suspended, facts)).toEqual({
      title: 'Account suspended',
      body: 'act_1 (US-Finance-14): ACTIVE → DISABLED (2)',
      fields: [
        { label: 'Vendor', value: 'Agency Beta' },
        { label: 'Reason', value: 'ads integrity policy' },
        { label: 'Spend today', value: '$412.60 of $600.00' },
      ],
    });
  });
  test('write a cut with both sides and its size', () => {
    const cut = { kind: 'daily_limit_changed', fromMinor: 60_000, toMinor: 30_000 } as const;
    expect(accountAlertWords('daily_limit_cut', cut, facts).body).toContain(
      'daily limit from $600.00 to $300.00 (−50%)',
    );
    const first = { kind: 'daily_limit_changed', fromMinor: null, toMinor: 30_000 } as const;
    expect(accountAlertWords('daily_limit_cut', first, facts).body).toContain('from no limit to $300.00');
  });
  test('never write zero for unknown', () => {
    const blank = { ...facts, name: null, spendMinor: null, dailyLimitMinor: null, disableReason: null };
    const { body, fields } = accountAlertWords('account_suspended', suspended, blank);
    expect([body, fields.map(({ label }) => label)]).toEqual(['act_1: ACTIVE → DISABLED (2)', ['Vendor']]);
  });
  test('of a wave count by vendor and Business Manager, and name the first ten', () => {
    const wave = Array.from({ length: 12 }, (_, n) => ({
      ...facts,
      accountId: `act_${n}`,
      vendor: n < 9 ? 'A' : 'B',
      business: n === 0 ? null : n === 1 ? 'Small' : '77',
    }));
    const { title, body, fields } = massAlertWords('account_suspended', wave);
    expect(title).toBe('12 accounts: account suspended');
    expect(body).toContain('act_9 (US-Finance-14) and 2 more');
    expect(fields).toEqual([
      { label: 'A', value: '9 accounts' },
      { label: 'B', value: '3 accounts' },
      { label: 'Business Manager 77', value: '10 accounts' },
      { label: 'Business Manager Small', value: '1 account' },
    ]);
  });
  test('of a wave across very many Business Managers stay short', () => {
    const wave = Array.from({ length: 30 }, (_, n) => ({ ...facts, vendor: 'A', business: `${n % 12}` }));
    const { fields } = massAlertWords('account_suspended', wave);
    expect(fields.map(({ label }) => label).slice(-2)).toEqual(['Business Manager 7', '4 others']);
    expect(fields.at(-1)?.value).toBe('8 accounts');
  });
  test('of a connection say what it costs', () => {
    expect(connectionAlertWords('token_dead', 'Beta BM', '(#190/460) changed', 27).body).toContain(
      '27 accounts',
    );
  });
  test.each([
    [14, true, null, 'ends on 2026-12-08 10:00 UTC, in 14 days', 'ArbHub tries to renew it every day.'],
    [1, true, 'no', 'in 1 day.', 'ArbHub tries to renew it every day, the last attempt failed: no.'],
    [0.2, false, null, 'in less than a day.', 'make a new token and replace this one.'],
    [-1, false, null, 'ended on 2026-11-23 10:00 UTC.', 'make a new token and replace this one.'],
  ])('of an expiry in %d days say when and what helps', (days, isRenewed, renewalFailed, when, help) => {
    const now = Date.UTC(2026, 10, 24, 10);
    const { body } = expiryAlertWords({
      connection: 'Beta BM',
      accounts: 27,
      expiresAt: now + days * 86_400_000,
      now,
      isRenewed,
      renewalFailed,
    });
    expect(body).toContain(`"Beta BM" ${days < 0 ? '' : 'ends on'}`);
    expect(body).toContain(when);
    expect(body).toContain(help);
  });
});

test('the report for the vendor leaves out what is not known', () => {
  const report = {
    accountId: 'act_1',
    vendor: 'Agency Beta',
    headline: 'Account suspended',
    since: 'Nov 24, 2026, 10:22 AM EST',
    finalSpend: '$412.60',
    dailyLimit: '$600.00',
    reason: 'ads integrity policy',
    fundsLeft: '$2,087.40',
  };
  expect(vendorMessage(report)).toBe(
    [
      'Account suspended: act_1',
      'Vendor: Agency Beta',
      'Suspended: Nov 24, 2026, 10:22 AM EST',
      'Final spend: $412.60 of $600.00 daily cap',
      'Reason: ads integrity policy',
      'Funds left: $2,087.40',
      'Replacement needed',
    ].join('\n'),
  );
  const blank = { ...report, finalSpend: null, dailyLimit: null, reason: null, fundsLeft: null };
  expect(vendorMessage(blank).split('\n')).toHaveLength(4);
});
