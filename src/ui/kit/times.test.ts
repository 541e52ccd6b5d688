import { describe, expect, test } from 'vitest';
import { age, clockTime, fullStamp, knownZone, monthDay, stamp, zoneName } from './times.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

describe('ages', () => {
  test.each([
    [-5 * second, '0 s'],
    [40_900, '40 s'],
    [59_999, '59 s'],
    [minute, '1 min'],
    [2 * minute + 59 * second, '2 min'],
    [59 * minute, '59 min'],
    [hour, '1 h'],
    [4 * hour + 26 * minute, '4 h 26 min'],
    [23 * hour + 59 * minute, '23 h 59 min'],
    [24 * hour, '1 day'],
    [50 * hour, '2 days'],
  ])('%i ms', (ms, text) => {
    expect(age(ms).replaceAll('\u00a0', ' ')).toBe(text);
  });
});

const at = Date.UTC(2026, 10, 24, 15, 22);

test('an instant is told in the zone of the account, with plain spaces', () => {
  expect(clockTime(at, 'Europe/Berlin')).toBe('16:22');
  expect(clockTime(Date.UTC(2026, 10, 24), 'UTC')).toBe('00:00');
  expect(stamp(at, 'America/New_York')).toBe('Nov 24, 10:22 AM');
  expect(monthDay(at, 'Asia/Tokyo')).toBe('Nov 25');
  expect(fullStamp(at, 'America/New_York')).toBe('Nov 24, 2026, 10:22 AM EST');
});

test('a zone has its short name, or its offset where there is none', () => {
  expect(zoneName(at, 'America/New_York')).toBe('EST');
  expect(zoneName(at, 'Europe/Berlin')).toBe('CET');
  expect(zoneName(at, 'Asia/Tokyo')).toBe('GMT+9');
});

test('an unread zone is UTC', () => {
  expect([knownZone(''), knownZone('Nowhere/Here'), knownZone('Asia/Tokyo')]).toEqual([
    'UTC',
    'UTC',
    'Asia/Tokyo',
  ]);
});
