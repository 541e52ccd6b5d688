import { expect, test } from 'vitest';
import type { Replay } from '../../contract/account-page.ts';
import { findings, hoursBefore } from './replay-words.ts';

const hour = 3_600_000;
const diedAt = 100 * hour;
const ago = (hours: number) => diedAt - hours * hour;
const replay = (given: Partial<Replay> = {}): Replay => ({
  ...{ from: ago(72), diedAt, state: 'suspended', spans: [], hours: [], limits: [], rejected: [] },
  ...{ payments: [], siblings: [], logFrom: 0, watchedFrom: 0 },
  ...given,
});
const told = (given: Partial<Replay>) =>
  findings(replay(given), 'USD').map(({ when, text }) => `${when}: ${text}`);

test.each([
  [[0.5], '30 min before'],
  [[9], '9 h before'],
  [[31, 6], '31 and 6 h before'],
  [[31, 8, 6], '31, 8 and 6 h before'],
  [[31, 8, 6, 4], '31 to 4 h before'],
  [[6.1, 6.2], '6 h before'],
])('%j hours are told as %s', (hours, words) => {
  expect(
    hoursBefore(
      hours.map((one) => ago(one)),
      diedAt,
    ),
  ).toBe(words);
});

test('a grace period with a failed charge is one sentence, oldest first', () => {
  expect(
    told({
      spans: [
        { from: ago(72), to: ago(9), state: 'active', code: 1 },
        { from: ago(9), to: diedAt, state: 'warning', code: 9 },
      ],
      payments: [
        { at: ago(40), isFailed: true, words: 'Charge failed' },
        { at: ago(9), isFailed: true, words: 'Charge failed' },
        { at: ago(20), isFailed: false, words: 'Account charged' },
      ],
    }),
  ).toEqual(['40 h before: a charge failed', '9 h before: grace period (9) after a charge that failed']);
});

test('rejections within two hours are one, later ones another', () => {
  const rejected = [
    { at: ago(30), ads: 1 },
    { at: ago(5.5), ads: 3 },
    { at: ago(5), ads: 1 },
  ];
  expect(told({ rejected })).toEqual([
    '30 h before: 1 ad rejected by Meta’s review',
    '6 h before: 4 ads rejected by Meta’s review',
  ]);
});

test('siblings are told by what they share; a limit that nobody knew before is no change', () => {
  expect(
    told({
      siblings: [
        { at: ago(6), accountId: 'act_10187', tie: 'vendor' },
        { at: ago(31), accountId: 'act_14410', tie: 'vendor' },
        { at: ago(3), accountId: 'act_15555', tie: 'business' },
      ],
      limits: [
        { at: ago(72), minor: null, source: 'unknown' },
        { at: ago(60), minor: 40_000, source: 'meta' },
        { at: ago(58), minor: 60_000, source: 'meta' },
      ],
    }),
  ).toEqual([
    '58 h before: daily limit $400 → $600 (+50%)',
    '31 and 6 h before: 2 other accounts of the same vendor suspended (…4410, …0187)',
    '3 h before: another account of the same Business Manager suspended (…5555)',
  ]);
});

test('the last day is compared only where every hour is known', () => {
  const hours: Replay['hours'] = Array.from({ length: 48 }, (_, place) => ({
    at: ago(48 - place),
    spendMinor: place < 24 ? 100 : 200,
  }));
  expect(told({ hours })).toEqual(['Last 24 h: spent $48.00; in the 24 h before, $24.00']);
  expect(told({ hours: hours.with(3, { at: ago(45), spendMinor: null }) })).toEqual([]);
});

test('a state that held from the beginning on has no hour', () => {
  expect(told({ spans: [{ from: ago(72), to: diedAt, state: 'warning', code: 3 }] })).toEqual([
    'From the beginning: payment failed (3)',
  ]);
});
