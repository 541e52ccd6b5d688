import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quietUntil } from './quiet-hours.ts';

const night = { timezone: 'America/New_York', from: '22:00', to: '07:00' };
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

test.each([
  ['before they begin', night, '2026-11-25T02:59:59Z', null],
  ['as they begin', night, '2026-11-25T03:00:00Z', '2026-11-25T12:00:00.000Z'],
  ['past midnight', night, '2026-11-25T06:30:00Z', '2026-11-25T12:00:00.000Z'],
  ['as they end', night, '2026-11-25T12:00:00Z', null],
  [
    'within one day',
    { ...night, from: '13:00', to: '14:30' },
    '2026-11-24T18:10:00Z',
    '2026-11-24T19:30:00.000Z',
  ],
  ['never, where both are the same', { ...night, from: '08:00', to: '08:00' }, '2026-11-24T13:00:00Z', null],
  ['the night that is an hour shorter', night, '2026-03-08T04:00:00Z', '2026-03-08T11:00:00.000Z'],
  ['the night that is an hour longer', night, '2026-11-01T03:00:00Z', '2026-11-01T12:00:00.000Z'],
  [
    'an end that the clock leaves out',
    { ...night, to: '02:30' },
    '2026-03-08T05:00:00Z',
    '2026-03-08T07:30:00.000Z',
  ],
])('quiet hours: %s', (_what, hours, at, until) => {
  expect(iso(quietUntil(hours, Date.parse(at)))).toBe(until);
});

test('nobody without quiet hours has any', () => {
  expect(quietUntil(null, 0)).toBeNull();
});

test('whatever the zone and hour, quiet hours end ahead, within a day and an hour, and are over then', () => {
  const zones = [
    'UTC',
    'America/New_York',
    'Asia/Kathmandu',
    'Pacific/Chatham',
    'Africa/Casablanca',
    'Australia/Lord_Howe',
  ];
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      time,
      time,
      fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2028, 11, 31) }),
      (timezone, from, to, at) => {
        const until = quietUntil({ timezone, from, to }, at);
        if (until === null) return;
        expect(until).toBeGreaterThan(at);
        expect(until - at).toBeLessThanOrEqual(25 * 3_600_000);
      },
    ),
    { numRuns: 5_000 },
  );
});
