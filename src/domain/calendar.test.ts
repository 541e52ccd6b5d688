import { expect, test } from 'vitest';
import { addDays, instantOf, dayProgress, isZone, localDay, startOfDay, utcDay } from './calendar.ts';

const hourMs = 3_600_000;

test.each([
  ['2026-11-22T04:59:59Z', 'America/New_York', '2026-11-21'],
  ['2026-11-22T05:00:00Z', 'America/New_York', '2026-11-22'],
  ['2026-11-22T18:29:59Z', 'Asia/Kolkata', '2026-11-22'],
  ['2026-11-22T18:30:00Z', 'Asia/Kolkata', '2026-11-23'],
  ['2026-11-22T10:14:59Z', 'Pacific/Chatham', '2026-11-22'],
  ['2026-11-22T10:15:00Z', 'Pacific/Chatham', '2026-11-23'],
  ['2026-11-22T10:59:59Z', 'Pacific/Pago_Pago', '2026-11-21'],
])('%s in %s is %s', (at, zone, day) => expect(localDay(Date.parse(at), zone)).toBe(day));

test.each([
  ['2026-03-08', 'America/New_York', 23],
  ['2026-11-01', 'America/New_York', 25],
  ['2026-03-29', 'Europe/Berlin', 23],
  ['2026-10-25', 'Europe/Berlin', 25],
  ['2026-07-01', 'Asia/Tokyo', 24],
  ['2026-04-05', 'Australia/Lord_Howe', 24.5],
  // The clock skips midnight here: the day begins at one o'clock.
  ['2026-09-06', 'America/Santiago', 23],
])('%s in %s has %s hours', (day, zone, hours) => {
  expect((startOfDay(addDays(day, 1), zone) - startOfDay(day, zone)) / hourMs).toBe(hours);
});

const zones =
  'UTC America/Los_Angeles America/New_York America/Sao_Paulo America/Santiago America/St_Johns America/Havana America/Asuncion America/Mexico_City America/Bogota Atlantic/Azores Europe/London Europe/Berlin Europe/Moscow Europe/Istanbul Europe/Chisinau Africa/Cairo Africa/Casablanca Africa/Lagos Asia/Beirut Asia/Jerusalem Asia/Tehran Asia/Dubai Asia/Karachi Asia/Kolkata Asia/Kathmandu Asia/Dhaka Asia/Bangkok Asia/Ho_Chi_Minh Asia/Shanghai Asia/Tokyo Asia/Seoul Australia/Sydney Australia/Adelaide Australia/Lord_Howe Pacific/Auckland Pacific/Chatham Pacific/Kiritimati Pacific/Honolulu Pacific/Pago_Pago'.split(
    ' ',
  );

test.each(zones)('three years of midnights in %s', (zone) => {
  for (let day = '2025-01-01'; day < '2028-01-01'; day = addDays(day, 1)) {
    const start = startOfDay(day, zone);
    expect([localDay(start, zone), localDay(start - 1, zone)]).toEqual([day, addDays(day, -1)]);
  }
});

test.each(zones)('the share of a day in %s runs from 0 to 1 and never leaves', (zone) => {
  for (
    let at = Date.parse('2026-01-01T00:07:00Z');
    at < Date.parse('2027-01-01T00:00:00Z');
    at += 7 * hourMs
  ) {
    const { share, elapsedMs, leftMs } = dayProgress(at, zone);
    expect(share).toBeGreaterThanOrEqual(0);
    expect(share).toBeLessThan(1);
    expect(share).toBeCloseTo(elapsedMs / (elapsedMs + leftMs), 10);
    expect(localDay(at - elapsedMs, zone)).toBe(localDay(at + leftMs - 1, zone));
  }
});

test('days are counted on the calendar', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2028-03-01', -1)).toBe('2028-02-29');
  expect(utcDay(Date.parse('2026-11-22T23:59:59.999Z'))).toBe('2026-11-22');
});

test('a zone is known or it is none', () => {
  expect(['Europe/Berlin', 'UTC', '', 'Mars/Olympus', 'berlin!'].map(isZone)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ]);
  expect(() => localDay(0, 'Mars/Olympus')).toThrow(RangeError);
});

test.each([
  ['2026-11-24', 8, 'America/New_York', '2026-11-24T13:00:00Z'],
  ['2026-11-01', 8, 'America/New_York', '2026-11-01T13:00:00Z'],
  ['2026-11-01', 3, 'America/New_York', '2026-11-01T08:00:00Z'],
  ['2026-03-08', 8, 'America/New_York', '2026-03-08T12:00:00Z'],
  ['2026-03-29', 8, 'Europe/Berlin', '2026-03-29T06:00:00Z'],
  ['2026-11-24', 8, 'Asia/Kolkata', '2026-11-24T02:30:00Z'],
  ['2026-11-24', 0, 'UTC', '2026-11-24T00:00:00Z'],
])('the clock shows %s, %i:00 in %s at %s', (day, hour, zone, at) =>
  expect(new Date(instantOf(day, hour * 60, zone)).toISOString().replace('.000', '')).toBe(at),
);
