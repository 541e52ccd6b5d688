import { expect, test } from 'vitest';
import type { AccountHistory } from '../../contract/account-history.ts';
import { chartData, lonePlaces } from './chart-data.ts';

const at = (text: string) => Date.parse(`${text}Z`) / 1000;

const history = (given: Partial<AccountHistory> & Pick<AccountHistory, 'points'>): AccountHistory => ({
  ...{ range: '24h', currency: 'USD', timezone: 'UTC', states: [], unread: [], events: [] },
  ...{ from: at('2026-11-23T22:00'), to: at('2026-11-24T02:00') },
  dawns: [at('2026-11-24T00:00')],
  steps: {
    at: [at('2026-11-23T23:30')],
    ...{ limitMinor: [40_000], limitSource: ['meta'], capMinor: [null], capSource: ['none'] },
    ...{ activeAds: [0], totalAds: [4] },
  },
  ...given,
});
const pointsAt = (...times: string[]): AccountHistory['points'] => ({
  at: times.map((time) => at(time)),
  span: times.map(() => 300),
  spendMinor: times.map((_, place) => place * 100),
  clicks: times.map((_, place) => place),
  outboundClicks: times.map((_, place) => place),
  cpcMicro: times.map((_, place) => (place === 0 ? null : 1_000_000)),
});

test('the spend of one day is not joined with that of the next, its price per click is', () => {
  const data = chartData(history({ points: pointsAt('2026-11-23T23:55', '2026-11-24T00:00') }));
  // A step, a point, midnight, a point, the end.
  expect(data.spend).toEqual([undefined, 0, null, 1, undefined]);
  expect(data.cpc).toEqual([undefined, null, undefined, 1, undefined]);
  expect(data.outboundCost).toEqual([undefined, null, undefined, 1, undefined]);
});

test('a day that is read from its beginning on starts at 0, one that is not starts where it was read', () => {
  const early = chartData(history({ points: pointsAt('2026-11-23T23:00', '2026-11-24T00:05') }));
  expect(early.spend).toEqual([0, undefined, null, 0, 1, undefined]);
  const late = chartData(history({ points: pointsAt('2026-11-23T23:00', '2026-11-24T01:05') }));
  expect(late.spend).toEqual([0, undefined, null, 1, undefined]);
});

test('where nothing was read every line breaks, the limit too', () => {
  const data = chartData(
    history({
      points: pointsAt('2026-11-24T00:05', '2026-11-24T01:00'),
      unread: [{ from: at('2026-11-24T00:05'), to: at('2026-11-24T00:55') }],
    }),
  );
  const hole = data.x.indexOf(at('2026-11-24T00:05') + 0.25);
  expect(data.point[hole]).toBe(-1);
  expect([data.spend[hole], data.cpc[hole], data.limit[hole]]).toEqual([null, null, null]);
  expect(data.limit.at(-1)).toBe(400);
});

test('a midnight within a hole is part of the hole', () => {
  const data = chartData(
    history({
      points: pointsAt('2026-11-23T23:00', '2026-11-24T01:00'),
      unread: [{ from: at('2026-11-23T23:00'), to: at('2026-11-24T00:55') }],
    }),
  );
  const midnight = data.x.indexOf(at('2026-11-24T00:00') - 0.5);
  expect([data.cpc[midnight], data.spend[midnight], data.limit[midnight]]).toEqual([null, null, null]);
});

test('a limit is unknown before its first step; no cap and no ad are not the same', () => {
  const data = chartData(history({ points: pointsAt('2026-11-23T23:00', '2026-11-23T23:35') }));
  expect(data.limit).toEqual([null, 400, 400, 400, 400]);
  expect(data.cap).toEqual([null, null, null, null, null]);
  expect(data.activeAds.at(-1)).toBe(0);
});

test('a currency without minor units is not divided', () => {
  const data = chartData(
    history({ currency: 'JPY', points: pointsAt('2026-11-24T00:05', '2026-11-24T00:10') }),
  );
  expect(data.spend.filter((value) => value != null)).toEqual([0, 0, 100]);
});

test.each([
  [[null, 5, null, 6, 7], [1]],
  [[5], [0]],
  [
    [undefined, 5, undefined, null, 6],
    [1, 4],
  ],
  [[5, undefined, 6], []],
  [[], []],
])('in %j the lone places are %j', (values, lone) => {
  expect(lonePlaces(values)).toEqual(lone);
});
