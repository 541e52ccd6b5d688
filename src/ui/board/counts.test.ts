import { expect, test } from 'vitest';
import { activeCard, everyCard, fixtureNow } from './board.fixture.ts';
import { countTiles } from './tile.ts';
import { sumSpend } from './totals.ts';
import { countVendors } from './vendors.ts';

test('each account is counted in one place, a stale one in two', () => {
  expect(countTiles(everyCard, new Set(['act_6612903384417750']))).toEqual({
    suspended: 2,
    stopped: 2,
    lost: 1,
    closed: 2,
    warning: 1,
    unknown: 2,
    stale: 1,
    active: 8,
  });
});

test('vendors by name, with what burns', () => {
  expect(countVendors(everyCard).slice(0, 2)).toEqual([
    { vendor: 'Agency Alpha', accounts: 5, burning: 1 },
    { vendor: 'Agency Beta', accounts: 2, burning: 2 },
  ]);
});

const day = 86_400_000;

test('spent today is summed within a currency only, and only what is of today', () => {
  const cards = [
    { ...activeCard, spendMinor: 100 },
    { ...activeCard, spendMinor: 20 },
    { ...activeCard, currency: 'EUR', spendMinor: 7 },
    { ...activeCard, state: 'suspended', statusCode: 2, stateSince: fixtureNow - 60_000, spendMinor: 3 },
    { ...activeCard, state: 'suspended', statusCode: 2, stateSince: fixtureNow - 2 * day, spendMinor: 900 },
    { ...activeCard, metricsAt: fixtureNow - day, spendMinor: 800 },
    { ...activeCard, metricsAt: null, spendMinor: null },
  ] as const;
  expect(sumSpend(cards, fixtureNow)).toEqual({
    byCurrency: [
      { currency: 'USD', accounts: 3, spendMinor: 123 },
      { currency: 'EUR', accounts: 1, spendMinor: 7 },
    ],
    unread: 1,
  });
});
