import { describe, expect, test } from 'vitest';
import {
  firstExpiry,
  isRenewalDue,
  lacksReading,
  nextCheckAt,
  severityOfLevel,
  tokenRemedy,
  warnLevelOf,
} from './token-life.ts';

const dayMs = 86_400_000;
const now = Date.UTC(2026, 10, 24, 10);
const inDays = (days: number) => now + days * dayMs;

test.each([
  [5, 9, 5],
  [9, 5, 5],
  [Infinity, 5, 5],
  [5, Infinity, 5],
  [Infinity, Infinity, Infinity],
  [null, 5, 5],
  [5, null, 5],
  [null, null, null],
  [null, Infinity, null],
  [Infinity, null, null],
])('expiries %s and %s end reading at %s', (expiresAt, dataAccessExpiresAt, end) =>
  expect(firstExpiry({ expiresAt, dataAccessExpiresAt })).toBe(end),
);

test.each([
  [inDays(60), null],
  [inDays(14) + 1, null],
  [inDays(14), 14],
  [inDays(7) + 1, 14],
  [inDays(7), 7],
  [inDays(3) + 1, 7],
  [inDays(3), 3],
  [inDays(1) + 1, 3],
  [inDays(1), 1],
  [now, 1],
  [inDays(-5), 1],
  [Infinity, null],
  [null, null],
])('an expiry at %s is level %s', (expiry, level) => expect(warnLevelOf(expiry, now)).toBe(level));

test('the first level is a warning, the others are critical', () => {
  expect(([14, 7, 3, 1] as const).map(severityOfLevel)).toEqual([
    'warning',
    'critical',
    'critical',
    'critical',
  ]);
});

describe('renewal', () => {
  const token = {
    kind: 'SYSTEM_USER',
    expiresAt: inDays(20),
    dataAccessExpiresAt: Infinity,
    triedAt: null,
  } as const;
  test.each([
    ['20 days before', {}, true],
    ['a moment too early', { expiresAt: inDays(20) + 1 }, false],
    ['on the last day', { expiresAt: now + 1 }, true],
    ['too late', { expiresAt: now }, false],
    ['never ending', { expiresAt: Infinity }, false],
    [
      'never ending, but its data access does',
      { expiresAt: Infinity, dataAccessExpiresAt: inDays(5) },
      false,
    ],
    ['far, but its data access ends', { expiresAt: inDays(50), dataAccessExpiresAt: inDays(5) }, true],
    ['of unknown expiry', { expiresAt: null }, false],
    ['data access unknown', { dataAccessExpiresAt: null }, true],
    ["a person's", { kind: 'USER' }, false],
    ["nobody's", { kind: null }, false],
    ['tried just now', { triedAt: now }, false],
    ['tried earlier today', { triedAt: now - 20 * 3_600_000 + 1 }, false],
    ['tried yesterday', { triedAt: now - 20 * 3_600_000 }, true],
  ])('%s: %j', (_name, more, isDue) => expect(isRenewalDue({ ...token, ...more }, now)).toBe(isDue));

  test('over 60 days of daily checks a token is tried from the 40th day on, once a day', () => {
    const expiresAt = inDays(60);
    let triedAt: number | null = null;
    const tries: number[] = [];
    for (let minute = 0; minute < 60 * 24 * 60; minute++) {
      const at = now + minute * 60_000;
      if (minute % 1440 > 2 && minute % 720 !== 0) continue;
      if (!isRenewalDue({ ...token, expiresAt, triedAt }, at)) continue;
      tries.push(minute / 1440);
      triedAt = at;
    }
    expect(tries[0]).toBe(40);
    expect(tries).toHaveLength(20);
  });
});

test.each([
  [Infinity, 1],
  [null, 1],
  [inDays(60), 1],
  [inDays(20.25), 0.25],
  [inDays(14.5), 0.5],
  [inDays(14), 1],
  [inDays(7.1), 0.1],
  [inDays(0.2), 0.2],
  [inDays(-3), 1],
])('with an expiry at %s the next check is %s days later', (expiresAt, days) => {
  const next = nextCheckAt({ expiresAt, dataAccessExpiresAt: Infinity }, now);
  expect((next - now) / dayMs).toBeCloseTo(days, 6);
});

test.each([
  [null, false],
  [['ads_read'], false],
  [['business_management', 'ads_read'], false],
  [[], true],
  [['business_management'], true],
  [['ads_management'], true],
])('scopes %j lack reading: %s', (scopes, lacks) => expect(lacksReading({ scopes })).toBe(lacks));

test('each refusal says what to do', () => {
  expect([463, 460, null].map(tokenRemedy)).toEqual([
    'it was not renewed in time: make a new token',
    'make a new token',
    'make a new token',
  ]);
});
