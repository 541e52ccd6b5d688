import { expect, test } from 'vitest';
import type { AccountCard } from '../../contract/account-card.ts';
import { activeCard, everyCard } from './board.fixture.ts';
import type { Filter } from './filter.ts';
import { filterParameters, isShown, noFilter, parseFilter, toggleState } from './filter.ts';
import { filterParts } from './filter-parts.ts';

test.each<[string, Filter]>([
  ['', noFilter],
  ['?vendor=Agency+Beta', { ...noFilter, vendor: 'Agency Beta' }],
  ['?state=suspended,stale', { ...noFilter, states: ['suspended', 'stale'] }],
  [
    '?vendor=A%26B&state=active&q=us+solar',
    { ...noFilter, vendor: 'A&B', states: ['active'], query: 'us solar' },
  ],
  [
    '?only=room&connection=Main&currency=EUR&tag=warm',
    {
      ...noFilter,
      only: 'room',
      connection: 'Main',
      currency: 'EUR',
      tag: 'warm',
    },
  ],
])('the address %s and the filter are one thing', (address, filter) => {
  expect(filterParameters(filter).toString().replaceAll('%2C', ',')).toBe(address.slice(1));
  expect(parseFilter(Object.fromEntries(new URLSearchParams(address)))).toEqual(filter);
});

test('what is not a state is dropped, and a repeated parameter counts once', () => {
  expect(parseFilter({ state: 'nonsense,active', vendor: ['A', 'B'], only: 'me' })).toEqual({
    ...noFilter,
    vendor: 'A',
    states: ['active'],
  });
});

test('states are pressed and released, in the order of the strip', () => {
  const two = toggleState(toggleState(noFilter, 'active'), 'suspended');
  expect(two.states).toEqual(['suspended', 'active']);
  expect(toggleState(two, 'suspended').states).toEqual(['active']);
});

test.each<[Partial<Filter>, boolean, boolean]>([
  [{}, false, true],
  [{ query: '9384' }, false, true],
  [{ query: 'SOLAR alpha' }, false, true],
  [{ query: 'solar beta' }, false, false],
  [{ vendor: 'Agency Beta' }, false, false],
  [{ states: ['suspended', 'active'] }, false, true],
  [{ states: ['stale'] }, false, false],
  [{ states: ['stale'] }, true, true],
])('%o shows a healthy account (stale: %s): %s', (asked, isStale, shown) => {
  expect(isShown(activeCard, { ...noFilter, ...asked }, isStale)).toBe(shown);
});

test.each<[string, Partial<Filter>, Partial<AccountCard>, boolean, boolean]>([
  ['a tag as a word', { query: 'warm' }, { tags: ['new', 'warm'] }, false, true],
  ['a tag', { tag: 'warm' }, { tags: ['new', 'warm'] }, false, true],
  ['part of a tag', { tag: 'war' }, { tags: ['warm'] }, false, false],
  ['another currency', { currency: 'EUR' }, {}, false, false],
  ['its connection', { connection: 'simulation' }, {}, false, true],
  ['what burns, well', { only: 'burning' }, {}, false, false],
  ['what burns, access lost', { only: 'burning' }, { state: 'access_lost' }, false, true],
  ['what burns, closed long ago', { only: 'burning' }, { state: 'closed', statusCode: 101 }, false, false],
  ['room, on its way to the limit', { only: 'room' }, {}, false, false],
  ['room, far below', { only: 'room' }, { spendMinor: 2000 }, false, true],
  ['room, old figures', { only: 'room' }, { spendMinor: 2000 }, true, false],
  ['room, no funds', { only: 'room' }, { spendMinor: 2000, fundsLeftMinor: 0 }, false, false],
  ['room, funds unknown', { only: 'room' }, { spendMinor: 2000, fundsLeftMinor: null }, false, false],
  [
    'room, without a cap',
    { only: 'room' },
    { spendMinor: 2000, fundsLeftMinor: null, spendCapSource: 'none' },
    false,
    true,
  ],
  [
    'room, suspended',
    { only: 'room' },
    { spendMinor: 2000, state: 'suspended', statusCode: 2 },
    false,
    false,
  ],
  ['room, never read', { only: 'room' }, { spendMinor: null, metricsAt: null }, false, false],
  ['capped, not yet', { only: 'capped' }, {}, false, false],
  ['capped', { only: 'capped' }, { spendMinor: 25_000 }, false, true],
])('%s', (_words, asked, change, isStale, shown) => {
  expect(isShown({ ...activeCard, ...change }, { ...noFilter, ...asked }, isStale)).toBe(shown);
});

test('what is on is told part by part, each with the way to drop it', () => {
  const filter: Filter = { ...noFilter, only: 'room', vendor: 'A', states: ['lost', 'stale'], query: 'x' };
  const parts = filterParts(filter);
  expect(parts.map(({ words }) => words)).toEqual([
    'Room to spend',
    'vendor: A',
    'state: access lost, stale figures',
    '“x”',
  ]);
  expect(parts[2]?.without).toEqual({ ...filter, states: [] });
  expect(filterParts(noFilter)).toEqual([]);
});

test('closing and closed share a place', () => {
  const shown = everyCard.filter((card) => isShown(card, { ...noFilter, states: ['closed'] }, false));
  expect(shown.map((card) => card.state)).toEqual(['closing', 'closed']);
});
