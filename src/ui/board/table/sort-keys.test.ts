import { expect, test } from 'vitest';
import type { AccountCard } from '../../../contract/account-card.ts';
import { ratesOf } from '../../../domain/exchange.ts';
import { activeCard, everyCard } from '../board.fixture.ts';
import type { ColumnId } from './column-ids.ts';
import { columnIds, defaultColumns, parseColumns, parseSort, sortText } from './column-ids.ts';
import { rowFacts } from './row-facts.ts';
import { nextSort, sortRows } from './sort-keys.ts';

const day = '2026-11-23';
const rates = ratesOf([
  { currency: 'USD', perEuro: 1.08, day },
  { currency: 'IDR', perEuro: 17_000, day },
]);
const card = (name: string, change: Partial<AccountCard>): AccountCard => ({
  ...activeCard,
  name,
  ...change,
});
function namesBy(cards: AccountCard[], column: ColumnId, isDown: boolean, by = rates) {
  const rows = cards.map((one) => rowFacts(one, false));
  return sortRows(rows, { column, isDown }, by).map((row) => row.card.name);
}

test('money of several currencies is compared by the rates; what has none stands last', () => {
  const cards = [
    card('rich', { currency: 'USD', spendMinor: 50_000 }),
    card('many small', { currency: 'IDR', spendMinor: 2_000_000 }),
    card('unknown', { spendMinor: null }),
    card('zero', { spendMinor: 0 }),
    card('no rate', { currency: 'VND', spendMinor: 900 }),
    card('euro', { currency: 'EUR', spendMinor: 20_000 }),
  ];
  expect(namesBy(cards, 'spend', true)).toEqual(['rich', 'euro', 'many small', 'zero', 'unknown', 'no rate']);
  expect(namesBy(cards, 'spend', false)).toEqual([
    'zero',
    'many small',
    'euro',
    'rich',
    'unknown',
    'no rate',
  ]);
  expect(namesBy(cards, 'spend', true, ratesOf([]))[0]).toBe('many small');
});

test('no limit is more than any limit, and unknown is neither', () => {
  const cards = [
    card('limit', { dailyLimitMinor: 100 }),
    card('unknown', { dailyLimitMinor: null, dailyLimitSource: 'unknown' }),
    card('none', { dailyLimitMinor: null, dailyLimitSource: 'unlimited' }),
  ];
  expect(namesBy(cards, 'limit', true)).toEqual(['none', 'limit', 'unknown']);
  expect(namesBy(cards, 'limit', false)).toEqual(['limit', 'none', 'unknown']);
});

test('what burns most comes first by state, the oldest figures first by age', () => {
  const cards = [
    card('well', { metricsAt: 30 }),
    card('suspended', { state: 'suspended', statusCode: 2, metricsAt: 10 }),
    card('stopped', { state: 'warning', statusCode: 3, metricsAt: 20 }),
  ];
  expect(namesBy(cards, 'state', true)).toEqual(['suspended', 'stopped', 'well']);
  expect(namesBy(cards, 'age', true)).toEqual(['suspended', 'stopped', 'well']);
});

test.each(columnIds)('%s puts every account in an order, and the other way round', (column) => {
  for (const isDown of [true, false])
    expect(namesBy([...everyCard], column, isDown)).toHaveLength(everyCard.length);
});

test('equal rows keep their places', () => {
  const cards = ['a', 'b', 'c'].map((name) => card(name, {}));
  expect(namesBy(cards, 'vendor', true)).toEqual(['a', 'b', 'c']);
});

test('a head asks for its order, the other way round, then the board’s own again', () => {
  const once = nextSort(null, 'spend');
  expect(once).toEqual({ column: 'spend', isDown: true });
  const twice = nextSort(once, 'spend');
  expect(twice).toEqual({ column: 'spend', isDown: false });
  expect(nextSort(twice, 'spend')).toBeNull();
  expect(nextSort(twice, 'vendor')).toEqual({ column: 'vendor', isDown: false });
});

test('columns and orders are read from the address, and nonsense is not', () => {
  expect(parseColumns(['age', 'spend', 'nonsense'])).toEqual(['state', 'account', 'spend', 'age']);
  expect(parseColumns(['nonsense'])).toBeNull();
  expect(parseColumns(['state'])).toEqual(['state', 'account']);
  expect(defaultColumns).toHaveLength(15);
  for (const text of ['spend', '-limit-at']) expect(sortText(parseSort(text)!)).toBe(text);
  expect(parseSort('--spend')).toBeNull();
});
