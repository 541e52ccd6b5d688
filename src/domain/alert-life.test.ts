import fc from 'fast-check';
import { expect, test } from 'vitest';
import { causesOf, isFlapping, lastedWords, stepAlert, type AlertStanding } from './alert-life.ts';

const minute = 60_000;
const standing = (given: Partial<AlertStanding> = {}): AlertStanding => ({
  ...{ severity: 'critical', toldAt: 0, isAcknowledged: false, snoozedUntil: null },
  ...{ steps: 0, repeatedAt: null, escalatedTo: 0, highestLevel: 0 },
  ...given,
});

test('a critical alert is said again every 30 minutes', () => {
  expect(stepAlert(standing(), 30 * minute)).toEqual({
    doesRepeat: true,
    steps: 1,
    escalatedTo: 0,
    nextAt: 60 * minute,
  });
  expect(stepAlert(standing({ steps: 1 }), 59 * minute).doesRepeat).toBe(false);
});

test('what was missed is said once', () => {
  expect(stepAlert(standing(), 200 * minute)).toMatchObject({
    doesRepeat: true,
    steps: 6,
    nextAt: 230 * minute,
  });
});

test('the next contacts are told 10 minutes apart, and after the last of them repeats go on', () => {
  const two = { highestLevel: 2 };
  expect(stepAlert(standing(two), 10 * minute)).toEqual({
    doesRepeat: false,
    steps: 0,
    escalatedTo: 1,
    nextAt: 20 * minute,
  });
  expect(stepAlert(standing({ ...two, escalatedTo: 1 }), 20 * minute)).toMatchObject({
    escalatedTo: 2,
    nextAt: 30 * minute,
  });
});

test('acknowledged, or not critical: nothing more is said', () => {
  const silent = { doesRepeat: false, steps: 0, escalatedTo: 0, nextAt: null };
  expect(stepAlert(standing({ isAcknowledged: true }), 90 * minute)).toEqual(silent);
  expect(stepAlert(standing({ severity: 'warning' }), 90 * minute)).toEqual(silent);
});

test('a snooze postpones everything, and its end is said', () => {
  const snoozed = standing({ snoozedUntil: 100 * minute, highestLevel: 1 });
  expect(stepAlert(snoozed, 40 * minute)).toEqual({
    doesRepeat: false,
    steps: 0,
    escalatedTo: 0,
    nextAt: 100 * minute,
  });
  expect(stepAlert(snoozed, 100 * minute)).toMatchObject({ doesRepeat: true, steps: 3, escalatedTo: 1 });
  expect(stepAlert(standing({ severity: 'warning', snoozedUntil: 15 * minute }), 15 * minute)).toMatchObject({
    doesRepeat: true,
    nextAt: null,
  });
});

test('after a repeat that came late, or with the end of a snooze, the next one is 30 minutes away', () => {
  const woken = stepAlert(standing({ snoozedUntil: 80 * minute }), 80 * minute);
  expect(woken).toMatchObject({ doesRepeat: true, steps: 2, nextAt: 110 * minute });
  const before = standing({ steps: 2, repeatedAt: 80 * minute, highestLevel: 9, escalatedTo: 8 });
  expect(stepAlert(before, 90 * minute)).toMatchObject({
    doesRepeat: false,
    steps: 2,
    escalatedTo: 9,
    nextAt: 110 * minute,
  });
  expect(stepAlert(before, 110 * minute)).toMatchObject({ doesRepeat: true, steps: 3, nextAt: 140 * minute });
});

test('whenever one looks, the next look lies ahead and nothing is said twice', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 0, max: 3 }),
      (waits, highestLevel) => {
        let now = 0;
        let [repeats, levels] = [0, 0];
        let alert = standing({ highestLevel });
        for (const wait of waits) {
          now += wait * minute;
          const step = stepAlert(alert, now);
          expect(step.nextAt).toBeGreaterThan(now);
          repeats += step.doesRepeat ? 1 : 0;
          levels += step.escalatedTo - alert.escalatedTo;
          alert = {
            ...alert,
            ...{ steps: step.steps, escalatedTo: step.escalatedTo },
            repeatedAt: step.doesRepeat ? now : alert.repeatedAt,
          };
        }
        expect(repeats).toBeLessThanOrEqual(Math.floor(now / (30 * minute)));
        expect(levels).toBe(Math.min(highestLevel, Math.floor(now / (10 * minute))));
      },
    ),
  );
});

test('more than three changes within an hour flap', () => {
  expect([isFlapping(3), isFlapping(4)]).toEqual([false, true]);
});

test('a dead token explains lost access, a dead account its limit', () => {
  expect(causesOf('access_lost').ofConnection).toContain('token_dead');
  expect(causesOf('daily_limit_cut').ofAccount).toContain('account_suspended');
  expect(causesOf('account_suspended')).toEqual({ ofAccount: [], ofConnection: [] });
});

test.each([
  [30_000, '1 min'],
  [89 * minute, '89 min'],
  [90 * minute, '2 h'],
  [47 * 60 * minute, '47 h'],
  [72 * 60 * minute, '3 days'],
])('%i ms are %s', (ms, words) => {
  expect(lastedWords(ms)).toBe(words);
});
