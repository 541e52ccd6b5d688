import { expect, test } from 'vitest';
import { activeCard, everyCard } from './board.fixture.ts';
import type { Filter } from './filter.ts';
import { filterAddress, isShown, noFilter, parseFilter, toggleState } from './filter.ts';

test.each<[string, Filter]>([
  ['', noFilter],
  ['?vendor=Agency+Beta', { ...noFilter, vendor: 'Agency Beta' }],
  ['?state=suspended,stale', { ...noFilter, states: ['suspended', 'stale'] }],
  ['?vendor=A%26B&state=active&q=us+solar', { vendor: 'A&B', states: ['active'], query: 'us solar' }],
])('the address %s and the filter are one thing', (address, filter) => {
  expect(filterAddress(filter)).toBe(address);
  expect(parseFilter(Object.fromEntries(new URLSearchParams(address)))).toEqual(filter);
});

test('what is not a state is dropped, and a repeated parameter counts once', () => {
  expect(parseFilter({ state: 'nonsense,active', vendor: ['A', 'B'] })).toEqual({
    vendor: 'A',
    states: ['active'],
    query: '',
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

test('closing and closed share a place', () => {
  const shown = everyCard.filter((card) => isShown(card, { ...noFilter, states: ['closed'] }, false));
  expect(shown.map((card) => card.state)).toEqual(['closing', 'closed']);
});
