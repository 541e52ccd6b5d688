import { describe, expect, test } from 'vitest';
import {
  backupsToRemove,
  graceMs,
  isBackupDue,
  isProofDue,
  lastDayToArchive,
  nextStep,
  retryDelayMs,
  type Backup,
  type DayState,
  type DayStep,
} from './keeping.ts';

const now = Date.UTC(2026, 10, 24, 12);
const hourMs = 3_600_000;

test.each([
  ['2026-11-24T00:00:00Z', '2026-10-24'],
  ['2026-11-24T23:59:59Z', '2026-10-24'],
  ['2026-11-25T00:00:00Z', '2026-10-25'],
  ['2027-03-01T12:00:00Z', '2027-01-29'],
])('at %s the newest day to archive is %s', (at, day) => {
  expect(lastDayToArchive(Date.parse(at))).toBe(day);
  expect(Date.parse(at) - Date.parse(`${day}T23:59:59.999Z`)).toBeGreaterThan(30 * 86_400_000);
});

describe('the next step of a day', () => {
  const old = now - graceMs;
  const steps: [DayState, boolean, boolean, number | null, DayStep | null][] = [
    ['due', true, false, null, 'count'],
    ['counted', true, false, null, 'copy'],
    ['copied', true, false, null, 'detach'],
    ['detached', false, true, old, 'drop'],
    ['detached', false, true, old + 1, null],
    ['detached', false, true, null, null],
    ['detached', true, true, old, 'drop'],
    ['detached', true, true, old + 1, null],
    ['detached', true, false, old, 'merge'],
    ['dropped', true, false, old, 'merge'],
    ['dropped', false, false, old, null],
    ['restored', true, false, old, 'count'],
    ['restored', false, false, old, null],
  ];
  test.each(steps)(
    '%s, attached %s, detached %s, since %s: %s',
    (state, isAttached, isDetached, detachedAt, step) => {
      expect(nextStep({ state, isAttached, isDetached, detachedAt }, now)).toBe(step);
    },
  );
});

test.each([
  [1, 5],
  [2, 10],
  [5, 80],
  [20, 1_440],
])('after %s failures it waits %s minutes', (failures, minutes) => {
  expect(retryDelayMs(failures)).toBe(minutes * 60_000);
});

describe('backups', () => {
  const backup = (hoursAgo: number, isProven = false): Backup => ({
    name: `b${hoursAgo}`,
    takenAt: now - hoursAgo * hourMs,
    provenAt: isProven ? now : null,
  });
  const hourly = (count: number, proven: number[] = []) =>
    Array.from({ length: count }, (_, n) => backup(n, proven.includes(n)));

  test.each([
    [[], true],
    [[backup(1)], true],
    [[backup(0.99), backup(30)], false],
    [[backup(-0.5)], false],
    [[backup(-2)], true],
  ])('due %#', (backups, isDue) => {
    expect(isBackupDue(backups, now)).toBe(isDue);
  });

  test('the first is proven, then each tenth', () => {
    expect(isProofDue(hourly(1))).toBe(true);
    expect(isProofDue(hourly(10, [9]))).toBe(false);
    expect(isProofDue(hourly(11, [10]))).toBe(true);
    expect(isProofDue(hourly(11, [10, 3]))).toBe(false);
  });

  test('48 are kept, and the newest proven one', () => {
    expect(backupsToRemove(hourly(48))).toEqual([]);
    expect(backupsToRemove(hourly(50).reverse()).map(({ name }) => name)).toEqual(['b48', 'b49']);
    expect(backupsToRemove(hourly(51, [49, 50])).map(({ name }) => name)).toEqual(['b48', 'b50']);
    expect(backupsToRemove(hourly(51, [1, 50])).map(({ name }) => name)).toEqual(['b48', 'b49', 'b50']);
  });
});
