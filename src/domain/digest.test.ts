import { describe, expect, test } from 'vitest';
import { type ClosedDay, type DigestFigures, digestWords, isSlow, judgeDays } from './digest.ts';

const quiet: DigestFigures = {
  day: '2026-11-24',
  until: Date.UTC(2026, 10, 24, 8),
  vendors: [],
  lowest: [],
  died: [],
  returned: [],
  connections: [],
  slowQueries: 0,
  audit: null,
  channels: [],
};
const closed = (spendMinor: number, limitMinor = 1000, vendor = 'North'): ClosedDay => ({
  accountId: `act_${spendMinor}`,
  name: null,
  vendor,
  day: '2026-11-23',
  currency: 'USD',
  spendMinor,
  limitMinor,
});
const who = { accountId: 'act_1', name: null, vendor: 'North', at: 0 };

describe('closed account-days', () => {
  test.each([
    [699, 1],
    [700, 0],
    [1200, 0],
    [0, 1],
  ])('%i of 1000 counts %i as below', (spend, below) => {
    expect(judgeDays([closed(spend)]).vendors).toEqual([{ vendor: 'North', days: 1, below }]);
  });

  test('a limit of nothing judges nobody', () => {
    expect(judgeDays([closed(0, 0)])).toEqual({ vendors: [], lowest: [] });
  });

  test('the vendor with most of them comes first, and the ten lowest are named', () => {
    const north = Array.from({ length: 12 }, (_, place) => closed(12 - place));
    const { vendors, lowest } = judgeDays([closed(900, 1000, 'East'), closed(5, 1000, 'South'), ...north]);
    expect(vendors).toEqual([
      { vendor: 'North', days: 12, below: 12 },
      { vendor: 'South', days: 1, below: 1 },
      { vendor: 'East', days: 1, below: 0 },
    ]);
    expect(lowest).toHaveLength(10);
    expect(lowest[0]?.spendMinor).toBe(1);
  });
});

test.each([
  [3000, false],
  [3001, true],
])('a mean of %i ms is slow: %s', (meanMs, slow) => expect(isSlow({ meanMs })).toBe(slow));

test('a quiet day says so', () => {
  expect(digestWords(quiet)).toEqual({
    title: 'Daily digest, Tue, Nov 24',
    body: 'No account died, none came back. No account-day with a limit closed.',
    fields: [],
  });
});

test('a bad day names what was bad, and nothing else', () => {
  const words = digestWords({
    ...quiet,
    vendors: [
      { vendor: 'North', days: 24, below: 5 },
      { vendor: 'South', days: 8, below: 0 },
    ],
    died: [who, who, who],
    returned: [who],
    connections: [
      { connection: 'Beta BM', requests: 100, meanMs: 3420 },
      { connection: 'Alpha BM', requests: 100, meanMs: 800 },
    ],
    slowQueries: 7,
    audit: { day: '2026-11-24', accounts: 32, within: 31 },
    channels: [{ channel: 'WhatsApp', dead: 2, waiting: 1, isDisabled: true }],
  });
  expect(words.body).toBe(
    '3 accounts died, 1 came back. 5 of 32 closed account-days stayed below 70% of the limit. ' +
      'Meta answered slowly on 1 connection. 1 channel had trouble.',
  );
  expect(words.fields).toEqual([
    { label: 'North', value: '5 of 24 below 70%' },
    { label: 'Slow: Beta BM', value: '3.4 s' },
    { label: 'Slow queries', value: '7' },
    { label: 'Accuracy', value: '31 of 32 accounts within 2%' },
    { label: 'WhatsApp', value: 'disabled, 2 given up, 1 waiting' },
  ]);
});

test.each([
  [0, 2, 'No account died, 2 came back.'],
  [1, 0, '1 account died, none came back.'],
])('%i died, %i came back', (died, returned, words) => {
  const figures = { ...quiet, died: Array(died).fill(who), returned: Array(returned).fill(who) };
  expect(digestWords(figures).body).toContain(words);
});
