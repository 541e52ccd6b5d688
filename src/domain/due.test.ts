import { expect, test } from 'vitest';
import { dueReads, type Cadence, type ReadState } from './due.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const cadence: Cadence = { adsMs: 15 * minuteMs, hourlyMs: hourMs };
const at = Date.parse('2026-11-24T12:00:00Z');
const noon = { day: '2026-11-24', elapsedMs: 12 * hourMs };

const settled: ReadState = {
  accountNo: 0,
  state: 'active',
  addedAt: Date.parse('2026-11-20T00:00:00Z'),
  isSlotFilled: false,
  deniedAt: null,
  metricsAt: at - 5 * minuteMs,
  adsReadAt: at,
  limitReadAt: at,
  limitRefusedUntil: null,
  detailsReadAt: at,
  activitiesReadAt: at,
  closedDay: '2026-11-23',
  historyFrom: '2026-08-22',
  hoursFrom: '2026-11-13',
  hoursTo: '2026-11-23',
  historyFailedAt: null,
};
const nothing = {
  ...{ today: false, ads: false, limit: false, details: false },
  ...{ closed: null, history: null, hours: null, activities: null },
};
const due = (more: Partial<ReadState>, day = noon, now = at) =>
  dueReads({ ...settled, ...more }, now, day, cadence);

test('an everyday account is asked for today alone', () => {
  expect(due({})).toEqual({ ...nothing, today: true });
  expect(due({ isSlotFilled: true })).toEqual(nothing);
});

test('of a new account everything is due, 90 days and 7 days by hour among it', () => {
  const never = {
    ...{ metricsAt: null, adsReadAt: null, limitReadAt: null, detailsReadAt: null, activitiesReadAt: null },
    ...{ closedDay: null, historyFrom: null, hoursFrom: null, hoursTo: null },
  };
  expect(due(never)).toEqual({
    ...{ today: true, ads: true, limit: true, details: true },
    closed: { from: '2026-11-21', to: '2026-11-23' },
    history: { from: '2026-08-22', to: '2026-11-23' },
    hours: { from: '2026-11-13', to: '2026-11-23' },
    activities: at - 7 * 24 * hourMs,
  });
});

test('a history that was cut short goes on where it stopped, ten minutes after a failure', () => {
  expect(due({ historyFrom: '2026-10-10' }).history).toEqual({ from: '2026-08-22', to: '2026-10-09' });
  expect(due({ hoursFrom: '2026-11-20' }).hours).toEqual({ from: '2026-11-13', to: '2026-11-19' });
  expect(due({ historyFrom: '2026-10-10', historyFailedAt: at - 9 * minuteMs }).history).toBeNull();
  expect(due({ historyFrom: '2026-10-10', historyFailedAt: at - 10 * minuteMs }).history).not.toBeNull();
});

test.each(['suspended', 'closing', 'closed'] as const)('%s: figures and ads hourly', (state) => {
  const account = { state, accountNo: 1 };
  expect(due(account).today).toBe(false);
  expect(due({ ...account, metricsAt: at - hourMs }).today).toBe(true);
  expect(due({ ...account, adsReadAt: at - 16 * minuteMs }).ads).toBe(false);
  expect(due({ ...account, adsReadAt: at - hourMs }).ads).toBe(true);
});

test('each account has its own place in the window', () => {
  const dueMinutes = [0, 1, 2, 3, 4, 5, 6].map((accountNo) => {
    for (let minute = 1; minute <= 30; minute++)
      if (due({ accountNo, adsReadAt: at }, noon, at + minute * minuteMs).ads) return minute;
    return null;
  });
  expect(new Set(dueMinutes).size).toBeGreaterThan(4);
  expect(Math.max(...dueMinutes.map((minute) => minute ?? 99))).toBeLessThanOrEqual(15);
});

test('an account that Meta refuses to this token is left alone for an hour', () => {
  expect(due({ deniedAt: at - hourMs + 1 })).toEqual(nothing);
  expect(due({ deniedAt: at - hourMs }).today).toBe(true);
});

test('a refused limit is asked again when its day is over', () => {
  expect(due({ limitReadAt: null, limitRefusedUntil: at + 1 }).limit).toBe(false);
  expect(due({ limitReadAt: null, limitRefusedUntil: at }).limit).toBe(true);
});

test('yesterday is read again three hours after midnight, with its hours, once', () => {
  const early = { day: '2026-11-25', elapsedMs: 3 * hourMs - 1 };
  const late = { day: '2026-11-25', elapsedMs: 3 * hourMs };
  expect(due({}, early).closed).toBeNull();
  expect(due({}, late)).toMatchObject({
    closed: { from: '2026-11-22', to: '2026-11-24' },
    hours: { from: '2026-11-24', to: '2026-11-24' },
  });
  expect(due({ closedDay: '2026-11-24' }, late).closed).toBeNull();
});

test('nights that were missed are made up: their days at once, their hours one day after the other', () => {
  const away = { closedDay: '2026-11-18', hoursTo: '2026-11-18' };
  expect(due(away)).toMatchObject({
    closed: { from: '2026-11-19', to: '2026-11-23' },
    hours: { from: '2026-11-19', to: '2026-11-19' },
  });
  expect(due({ ...away, closedDay: '2026-11-23' })).toMatchObject({
    closed: null,
    hours: { from: '2026-11-19', to: '2026-11-19' },
  });
  // A page holds a hundred days, and hours are not kept for longer.
  expect(due({ closedDay: '2026-01-01', hoursTo: '2026-01-01' })).toMatchObject({
    closed: { from: '2026-10-10', to: '2026-11-23' },
    hours: { from: '2026-10-10', to: '2026-10-10' },
  });
});

test('a night whose hours could not be read is asked again ten minutes later', () => {
  const failed = { hoursTo: '2026-11-22', historyFailedAt: at - 9 * minuteMs };
  expect(due(failed)).toMatchObject({ closed: null, hours: null });
  expect(due({ ...failed, historyFailedAt: at - 10 * minuteMs }).hours).toEqual({
    from: '2026-11-23',
    to: '2026-11-23',
  });
});

test('the hours of a day that is not settled yet are left to the night', () => {
  const early = { day: '2026-11-25', elapsedMs: hourMs };
  expect(due({ hoursFrom: null, hoursTo: null }, early).hours?.to).toBe('2026-11-23');
});

test('a reading by a clock that was ahead does not hold the next one up', () => {
  expect(due({ adsReadAt: at + 10 * minuteMs }).ads).toBe(false);
  expect(due({ adsReadAt: at + 30 * 24 * hourMs }).ads).toBe(true);
});

test('a day that a clock which was ahead has closed before its end is closed again', () => {
  for (const closedDay of ['2026-11-24', '2026-12-23'])
    expect(due({ closedDay }).closed).toEqual({ from: '2026-11-21', to: '2026-11-23' });
});
