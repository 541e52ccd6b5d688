import { describe, expect, test } from 'vitest';
import type { AccountCard } from '../../contract/account-card.ts';
import { activeCard } from '../board/board.fixture.ts';
import type { Words } from './card-figures.ts';
import { ads, balanceDue, clickPrice, clicks, fundsLeft, limitTrend } from './card-figures.ts';

const read = (words: Words) =>
  words.kind === 'figure' ? words.figure.text : words.kind === 'none' ? words.text : `— ${words.reason}`;
const card = (change: Partial<AccountCard>) => ({ ...activeCard, ...change });

describe('zero, none and unknown are three things', () => {
  test.each<[string, Words, string]>([
    ['funds of 0', fundsLeft(card({ fundsLeftMinor: 0 })), '$0.00'],
    ['no cap', fundsLeft(card({ spendCapSource: 'none', fundsLeftMinor: null })), 'no spend cap'],
    ['cap not told', fundsLeft(card({ fundsLeftMinor: null })), '— Meta does not say'],
    ['cap not read', fundsLeft(card({ fundsLeftMinor: null, observedAt: null })), '— not read yet'],
    ['due of 0', balanceDue(card({ balanceDueMinor: 0 })), '$0.00'],
    ['due not told', balanceDue(card({ balanceDueMinor: null })), '— not told'],
    ['no clicks out', clicks(0), '0'],
    ['clicks not read', clicks(null), '— not read'],
    ['no ads', ads(card({ activeAds: 0 })).words, '0'],
    ['no click, no price', clickPrice(card({ cpc: null })).words, '— no clicks'],
    ['price not read', clickPrice(card({ cpc: null, metricsAt: null })).words, '— not read'],
    [
      'no limit',
      limitTrend(card({ dailyLimitSource: 'unlimited', dailyLimitMinor: null })).words,
      'no limit',
    ],
    [
      'limit unknown',
      limitTrend(card({ dailyLimitSource: 'unknown', dailyLimitMinor: null })).words,
      '— Meta does not say',
    ],
  ])('%s', (_, words, text) => {
    expect(read(words)).toBe(text);
  });
});

describe('the limit of seven days ago and now', () => {
  test.each([
    [20_000, '$200 → $250', { isUp: true, percent: 25, mood: 'plain' }, null],
    [25_000, '$250', null, 'unchanged'],
    [null, '$250', null, null],
    [30_000, '$300 → $250', { isUp: false, percent: 17, mood: 'watch' }, null],
    [50_000, '$500 → $250', { isUp: false, percent: 50, mood: 'bad' }, null],
  ])('from %s', (before, text, delta, note) => {
    const trend = limitTrend(card({ dailyLimitBeforeMinor: before }));
    expect([read(trend.words), trend.delta, trend.note]).toEqual([text, delta, note]);
  });
});

test.each([
  [-12.4, { isUp: false, percent: 12, mood: 'good' }],
  [0.3, null],
  [null, null],
  [6, { isUp: true, percent: 6, mood: 'plain' }],
  [15, { isUp: true, percent: 15, mood: 'watch' }],
  [34, { isUp: true, percent: 34, mood: 'bad' }],
])('a click price that moved by %s per cent', (cpcChangePercent, delta) => {
  expect(clickPrice(card({ cpcChangePercent })).delta).toEqual(delta);
});
