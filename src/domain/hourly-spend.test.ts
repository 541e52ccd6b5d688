import { expect, test } from 'vitest';
import { deriveHourlySpend } from './hourly-spend.ts';

const at = (text: string) => Date.parse(`${text}Z`) / 1000;
const bars = (points: [string, number | null][], from: string, to: string, zone = 'UTC') =>
  deriveHourlySpend(
    points.map(([text, spendMinor]) => ({ at: at(text), spendMinor })),
    zone,
    { from: at(from), to: at(to) },
  ).map(({ spendMinor }) => spendMinor);

test('an hour is what the day has grown by, and begins anew at midnight', () => {
  expect(
    bars(
      [
        ['2026-11-23T22:00', 700],
        ['2026-11-23T23:00', 900],
        ['2026-11-23T23:59:59', 1000],
        ['2026-11-24T01:00', 40],
        ['2026-11-24T02:00', 100],
      ],
      '2026-11-23T22:00',
      '2026-11-24T02:00',
    ),
  ).toEqual([200, 100, 40, 60]);
});

test('an hour whose beginning or end nobody read is unknown, not zero', () => {
  const points: [string, number | null][] = [
    ['2026-11-24T10:00', 100],
    ['2026-11-24T10:30', 150],
    ['2026-11-24T12:00', 400],
    ['2026-11-24T12:30', null],
    ['2026-11-24T13:00', 400],
  ];
  expect(bars(points, '2026-11-24T10:00', '2026-11-24T14:00')).toEqual([null, null, 0, null]);
});

test('hours are those of the zone, also where it is half an hour apart', () => {
  const points: [string, number | null][] = [
    ['2026-11-24T03:30', 100],
    ['2026-11-24T04:30', 160],
  ];
  expect(bars(points, '2026-11-24T03:30', '2026-11-24T04:30', 'Asia/Kolkata')).toEqual([60]);
});
