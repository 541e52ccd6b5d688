import { describe, expect, it } from 'vitest';
import { dayStart, dayText, instantOf, instantText, localDay, localMoment, parseDay } from './calendar.ts';

describe('the calendar of a zone', () => {
  it.each([
    ['America/New_York', '2026-11-22T04:59:59Z', '2026-11-21'],
    ['America/New_York', '2026-11-22T05:00:00Z', '2026-11-22'],
    ['Asia/Kolkata', '2026-11-21T18:29:59Z', '2026-11-21'],
    ['Asia/Kolkata', '2026-11-21T18:30:00Z', '2026-11-22'],
    ['Asia/Tokyo', '2026-11-22T15:00:00Z', '2026-11-23'],
  ])('%s at %s is on %s', (zone, instant, day) => {
    expect(dayText(localDay(zone, Date.parse(instant)))).toBe(day);
  });

  it.each([
    ['America/New_York', '2026-11-01', 25],
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-22', 24],
    // Santiago and Havana change their clocks at midnight.
    ['America/Santiago', '2026-09-06', 23],
    ['America/Santiago', '2026-04-04', 25],
    ['America/Havana', '2026-03-08', 23],
  ])('%s has %s with %i hours', (zone, text, hours) => {
    const day = parseDay(text) ?? 0;
    const start = dayStart(zone, day);
    expect(localDay(zone, start)).toBe(day);
    expect(localDay(zone, start - 1)).toBe(day - 1);
    expect((dayStart(zone, day + 1) - start) / 3_600_000).toBe(hours);
  });

  it('never runs backwards through a repeated hour', () => {
    const zone = 'America/New_York';
    const start = dayStart(zone, parseDay('2026-11-01') ?? 0);
    const shares = Array.from({ length: 100 }, (_, step) => localMoment(zone, start + step * 900_000).share);
    for (const [step, share] of shares.entries()) expect(share).toBeCloseTo(step / 100, 9);
  });

  it('finds the instant of a moment again', () => {
    const instant = Date.parse('2026-11-22T18:07:13.421Z');
    const { day, share } = localMoment('Asia/Kolkata', instant);
    expect(instantOf('Asia/Kolkata', day + share)).toBe(instant);
  });

  it('writes instants with the offset of the zone', () => {
    const instant = Date.parse('2026-11-22T18:07:13Z');
    expect(instantText(instant, 'America/Los_Angeles')).toBe('2026-11-22T10:07:13-0800');
    expect(instantText(instant, 'Asia/Kolkata')).toBe('2026-11-22T23:37:13+0530');
    expect(instantText(instant)).toBe('2026-11-22T18:07:13+0000');
  });

  it.each(['2026-02-30', '2026-13-01', 'yesterday', ''])('takes %s for no day', (text) => {
    expect(parseDay(text)).toBeUndefined();
  });
});
