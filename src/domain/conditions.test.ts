import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  afterOf,
  holdsAt,
  isBlind,
  stepCondition,
  type ConditionCount,
  type FigureKind,
  type SlotFacts,
} from './conditions.ts';
import { tune, type TunedRule } from './rules.ts';

const hourMs = 3_600_000;
const noonSpan = { elapsedMs: 12 * hourMs, leftMs: 12 * hourMs };

const facts: SlotFacts = {
  currency: 'USD',
  span: noonSpan,
  ...{ spendMinor: 12_000, amountSpentMinor: 500_000, clicks: 200 },
  before: { spendMinor: 12_000, amountSpentMinor: 500_000, clicks: 200, isSameDay: true },
  ...{ statusCode: 1, activeAds: 3, usualHourMinor: 1000 },
  limit: { minor: null, source: 'unlimited' },
  spendCap: { minor: 1_000_000, source: 'meta' },
  week: { spendMinor: 70_000, clicks: 1400 },
};
const untuned = <K extends FigureKind>(kind: K): TunedRule<K> => tune([], kind, null, null);
const holds = (kind: FigureKind, more: Partial<SlotFacts>) => holdsAt(kind, { ...facts, ...more }, untuned);

describe('funds are nearly used', () => {
  // 120.00 by noon is 10.00 an hour: 60.00 last six hours.
  const left = (minor: number) => ({ amountSpentMinor: 1_000_000 - minor });
  test.each<[string, Partial<SlotFacts>, boolean | null]>([
    ['half of the cap left', {}, false],
    ['a tenth left', left(100_000), true],
    ['just above a tenth left, days to go', left(100_001), false],
    ['a tenth left but spend unknown', { ...left(100_000), spendMinor: null }, true],
    ['above a tenth and spend unknown', { spendMinor: null }, null],
    ['25.00 left', left(2500), true],
    ['24.99 left: too little to lose', left(2499), null],
    ['nothing left', left(0), null],
    ['more spent than the cap', left(-5), null],
    ['no cap', { spendCap: { minor: null, source: 'none' } }, false],
    ['an unknown cap', { spendCap: { minor: null, source: 'unknown' } }, null],
    ['an unknown amount spent', { amountSpentMinor: null }, null],
    ['down: nothing is said', { ...left(100_000), statusCode: 2 }, null],
  ])('%s', (_what, more, expected) => expect(holds('funds_low', more)).toBe(expected));

  const small = (minor: number, more: Partial<SlotFacts> = {}): Partial<SlotFacts> => ({
    spendCap: { minor: 40_000, source: 'meta' },
    amountSpentMinor: 40_000 - minor,
    ...more,
  });
  test.each<[string, Partial<SlotFacts>, boolean | null]>([
    ['less than six hours at the pace of today', small(5999), true],
    ['six hours', small(6000), false],
    ['nothing spent today', small(5999, { spendMinor: 0 }), false],
    ['too early to say', small(5999, { span: { elapsedMs: 2 * hourMs - 1, leftMs: 1 } }), null],
    ['the day begins this instant', small(5999, { span: { elapsedMs: 0, leftMs: 24 * hourMs } }), null],
    ["the day's limit stops it first", small(5999, { limit: { minor: 12_500, source: 'meta' } }), false],
    ['the limit does not stop it', small(5000, { limit: { minor: 17_000, source: 'meta' } }), true],
  ])('%s', (_what, more, expected) => expect(holds('funds_low', more)).toBe(expected));

  test('a floor is major units: 25 yen, not 25 sen', () => {
    const yen = (minor: number) => ({ ...small(minor, { spendMinor: 12_000 }), currency: 'JPY' });
    expect([holds('funds_low', yen(25)), holds('funds_low', yen(24))]).toEqual([true, null]);
  });
});

describe('a click costs much more', () => {
  // 70,000 for 1,400 clicks before: 50 each.
  const day = (spendMinor: number | null, clicks: number | null) => ({ spendMinor, clicks });
  test.each<[string, Partial<SlotFacts>, boolean | null]>([
    ['30% more on 100 clicks', day(6500, 100), true],
    ['a hair less', day(6499, 100), false],
    ['cheaper', day(4000, 100), false],
    ['99 clicks, while the day is young', { ...day(9900, 99), span: { elapsedMs: 1, leftMs: 2 } }, null],
    ['99 clicks, half the day gone', day(9900, 99), false],
    ['100 clicks for 9.99', { ...day(999, 100), week: { spendMinor: 100, clicks: 100 } }, false],
    ['100 clicks for 10.00', { ...day(1000, 100), week: { spendMinor: 100, clicks: 100 } }, true],
    [
      'yen: 10 of them will do',
      { ...day(10, 100), week: { spendMinor: 1, clicks: 100 }, currency: 'JPY' },
      true,
    ],
    ['no days before', { ...day(6500, 100), week: null }, null],
    ['no clicks before', { ...day(6500, 100), week: { spendMinor: 5, clicks: 0 } }, null],
    ['spend unknown', day(null, 100), null],
    ['clicks unknown', day(6500, null), null],
  ])('%s', (_what, more, expected) => expect(holds('cpc_jump', more)).toBe(expected));
});

describe('delivery is stuck', () => {
  const before = facts.before;
  test.each<[string, Partial<SlotFacts>, boolean | null]>([
    ['nothing spent where 10.00 an hour is usual', {}, true],
    ['today has grown', { spendMinor: 12_001 }, false],
    ['the lifetime counter has grown', { amountSpentMinor: 500_001 }, false],
    ['the counter was reset', { amountSpentMinor: 3 }, true],
    ['at least 1.00 is usual', { usualHourMinor: 100 }, true],
    ['less is usual', { usualHourMinor: 99 }, null],
    ['nothing is usual', { usualHourMinor: 0 }, null],
    ['what is usual is unknown', { usualHourMinor: null }, null],
    ['yen: one will do', { usualHourMinor: 1, currency: 'JPY' }, true],
    ['no slot before', { before: null }, null],
    ['spend unknown', { spendMinor: null }, null],
    ['spend before unknown', { before: before && { ...before, spendMinor: null } }, null],
    ['a new day, nothing yet', { spendMinor: 0, before: before && { ...before, isSameDay: false } }, null],
    ['a new day, something', { spendMinor: 5, before: before && { ...before, isSameDay: false } }, false],
    ['no active ads', { activeAds: 0 }, false],
    ['ads unknown', { activeAds: null }, null],
    ['payment failed', { statusCode: 3 }, false],
    ['in its grace period', { statusCode: 9 }, false],
    ['status unknown', { statusCode: null }, null],
    ['the cap is used', { amountSpentMinor: 1_000_000, before: null }, false],
    ['no cap', { spendCap: { minor: null, source: 'none' } }, true],
    ['cap unknown', { spendCap: { minor: null, source: 'unknown' } }, null],
    ['the limit is reached', { limit: { minor: 12_060, source: 'meta' } }, false],
    ['the limit is nearly reached', { limit: { minor: 12_061, source: 'meta' } }, true],
  ])('%s', (_what, more, expected) => expect(holds('stuck_delivery', more)).toBe(expected));
});

test('an account is blind from the second unread cycle on, and two such cycles in a row open', () => {
  const rule = tune([], 'blind_spot', null, null);
  expect([0, 1, 2, 3].map((slots) => isBlind(slots, rule))).toEqual([false, false, true, true]);
  expect(afterOf(rule)).toBe(2);
  expect(
    (['funds_low', 'cpc_jump', 'stuck_delivery'] as const).map((kind) => afterOf(untuned(kind))),
  ).toEqual([2, 2, 3]);
});

describe('hysteresis', () => {
  const run = (answers: (boolean | null)[], after: number) => {
    let count: ConditionCount | null = null;
    return answers.map((holds, slot) => {
      count = stepCondition(count, holds, slot, after);
      return count?.isOpen === true ? 'O' : count === null ? '-' : String(count.bad);
    });
  };
  const [b, g, u] = [true, false, null];
  test.each<[number, (boolean | null)[], string]>([
    [1, [b, g, b, g, g], 'OOOO-'],
    [2, [b, b, g, g, g], '1OO--'],
    [2, [b, g, b, b], '1-1O'],
    [2, [b, u, b], '11O'],
    [2, [b, b, g, u, g], '1OOO-'],
    [2, [b, b, g, b, g, g], '1OOOO-'],
    [3, [b, b, b, u, u], '12OOO'],
    [3, [g, u, g], '---'],
  ])('opens after %d: %j is %s', (after, answers, expected) =>
    expect(run(answers, after).join('')).toBe(expected),
  );

  const answer = fc.constantFrom(true, false, null);
  const walk = fc.array(fc.tuple(answer, fc.integer({ min: 1, max: 3 })), { maxLength: 40 });
  const afters = fc.integer({ min: 1, max: 4 });

  test('repeats, late judgements and unknowns change nothing; open means enough bad ones in a row, and no two good ones since', () => {
    fc.assert(
      fc.property(walk, afters, (steps, after) => {
        let count: ConditionCount | null = null;
        let isOpen = false;
        let [bad, good] = [0, 0];
        for (const [slot, [holds, times]] of steps.entries()) {
          for (let time = 0; time < times; time++) {
            const next: ConditionCount | null = stepCondition(count, holds, slot, after);
            if (time > 0) expect(next).toEqual(count);
            count = next;
          }
          const kept: ConditionCount | null = count;
          if (kept !== null) {
            expect(stepCondition(kept, true, kept.slot - 1, after)).toBe(kept);
            expect(stepCondition(kept, false, kept.slot, after)).toBe(kept);
          }
          expect(stepCondition(count, null, slot + 1, after)).toBe(count);
          if (holds === true) [bad, good] = [bad + 1, 0];
          if (holds === false) [bad, good] = [0, good + 1];
          if (!isOpen && bad >= after) isOpen = true;
          else if (isOpen && good >= 2) [isOpen, bad] = [false, 0];
          expect(count?.isOpen ?? false).toBe(isOpen);
        }
      }),
    );
  });
});
