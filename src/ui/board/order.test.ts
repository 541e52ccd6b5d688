import { describe, expect, test } from 'vitest';
import type { AccountCard } from '../../contract/account-card.ts';
import { lookOf } from '../account-card/look.ts';
import { activeCard, everyCard } from './board.fixture.ts';
import { admitCards, countMoved, sortCards } from './order.ts';

const none = new Set<string>();
const card = (id: number, change: Partial<AccountCard> = {}): AccountCard => ({
  ...activeCard,
  accountId: `act_${id}`,
  ...change,
});
const suspended = { state: 'suspended', statusCode: 2 } as const;

test('what burns stands first', () => {
  const byId = new Map(everyCard.map((entry) => [entry.accountId as string, entry]));
  const stale = new Set(['act_6612903384417750']);
  const looks = sortCards(everyCard, stale).ids.map((id) => {
    const entry = byId.get(id);
    return entry === undefined ? '' : stale.has(id) ? 'stale' : lookOf(entry);
  });
  expect([...new Set(looks)]).toEqual([
    'suspended',
    'stopped',
    'lost',
    'closing',
    'closed',
    'warning',
    'unknown',
    'stale',
    'active',
  ]);
});

test('within one severity the money at risk decides, then the id', () => {
  const cards = [
    card(3, { fundsLeftMinor: 100 }),
    card(2, { fundsLeftMinor: 100 }),
    card(4, { fundsLeftMinor: null, spendMinor: 500 }),
    card(1, { fundsLeftMinor: null, spendMinor: null }),
  ];
  expect(sortCards(cards, none).ids).toEqual(['act_4', 'act_2', 'act_3', 'act_1']);
});

describe('nothing moves under a hand', () => {
  const before = [card(1), card(2), card(3)];
  const held = sortCards(before, none);

  test('new figures keep the order, and the very same order', () => {
    expect(admitCards(held, [card(1, { fundsLeftMinor: 1 }), card(2), card(3)])).toBe(held);
  });

  test('a change of severity waits and is counted', () => {
    const cards = [card(1), card(2, { state: 'warning', statusCode: 3 }), card(3)];
    const admitted = admitCards(held, cards);
    expect(admitted.ids).toEqual(held.ids);
    expect(countMoved(admitted, cards, none)).toBe(1);
    expect(countMoved(sortCards(cards, none), cards, none)).toBe(0);
  });

  test('a change that leaves all places as they are is not offered', () => {
    const cards = [card(1, { state: 'warning', statusCode: 3 }), card(2), card(3)];
    expect(countMoved(held, cards, none)).toBe(0);
  });

  test('a new suspension enters at the top on its own, once', () => {
    const cards = [card(1), card(2), card(3, suspended)];
    const admitted = admitCards(held, cards);
    expect(admitted.ids).toEqual(['act_3', 'act_1', 'act_2']);
    expect(admitted.entered).toEqual(['act_3']);
    expect(admitCards(admitted, cards)).toBe(admitted);
    expect(countMoved(admitted, cards, none)).toBe(0);
  });

  test('the gone leave, the found come last', () => {
    const cards = [card(2), card(3), card(9, suspended)];
    const admitted = admitCards(held, cards);
    expect(admitted.ids).toEqual(['act_2', 'act_3', 'act_9']);
    expect(countMoved(admitted, cards, none)).toBe(1);
  });
});
