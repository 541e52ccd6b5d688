import { expect, test } from 'vitest';
import type { Ask } from './ask.ts';
import { askAddress, noAsk, parseSearch } from './ask.ts';
import { everyCard } from './board.fixture.ts';
import { noFilter } from './filter.ts';
import { builtInViews, countViews, isOpen, openView, searchToSave } from './saved-view.ts';

const asked: Ask = {
  filter: { ...noFilter, vendor: 'Agency Beta', states: ['active', 'stale'] },
  view: 'table',
  sort: { column: 'spend', isDown: true },
  columns: ['state', 'account', 'spend', 'age'],
};
const address =
  '?vendor=Agency+Beta&state=active,stale&view=table&sort=-spend&columns=state,account,spend,age';

test('the address says everything, and is read back', () => {
  expect(askAddress(asked)).toBe(address);
  expect(parseSearch(address)).toEqual({
    ...asked,
    filter: { ...asked.filter, states: ['stale', 'active'] },
  });
  expect(askAddress(noAsk)).toBe('');
  expect(parseSearch('?view=list&sort=nothing&columns=x,y')).toEqual(noAsk);
  expect(parseSearch('?columns=spend').columns).toEqual(['state', 'account', 'spend']);
});

test('a view is saved as it is seen; cards have no order and no columns of their own', () => {
  expect(searchToSave({ ...asked, view: null }, 'table')).toBe(address);
  expect(searchToSave(asked, 'cards')).toBe('?vendor=Agency+Beta&state=active,stale&view=cards');
});

test('opening a view leaves alone what it does not speak of', () => {
  const burns = { name: 'What burns', search: '?only=burning' };
  const open = openView(burns, asked);
  expect(open).toEqual({ ...asked, sort: null, filter: { ...noFilter, only: 'burning' } });
  expect(isOpen(burns, open, 'table')).toBe(true);
  expect(isOpen(burns, { ...open, view: null }, 'cards')).toBe(true);
  expect(isOpen(burns, asked, 'table')).toBe(false);
});

test('a saved view is open only in the way of looking that it was saved in', () => {
  const view = { name: 'Beta', search: address };
  const open = openView(view, noAsk);
  expect(isOpen(view, open, 'table')).toBe(true);
  expect(isOpen(view, { ...open, view: 'cards' }, 'cards')).toBe(false);
});

test('each view says how many accounts it shows', () => {
  const counts = countViews([...builtInViews, { name: 'All', search: '' }], everyCard, new Set());
  // Suspended 2, not delivering 2, access lost 1, closing 1.
  expect(counts[0]).toBe(6);
  expect(counts[3]).toBe(everyCard.length);
});
