import { describe, expect, test } from 'vitest';
import { activeCard, fixtureBoard, fixtureNow } from '../board/board.fixture.ts';
import { mergeBoard } from './merge-board.ts';
import { recordSweep, seenAt, startMoment } from './moment.ts';
import { parseLiveEvent } from './parse-live-event.ts';
import { reconnectDelayMs } from './reconnect-delay.ts';

test.each([
  ['{"type":"beat","at":5}', { type: 'beat', at: 5 }],
  ['{"type":"changed","accountIds":"all"}', { type: 'changed', accountIds: 'all' }],
  ['{"type":"changed","accountIds":["act_1"]}', { type: 'changed', accountIds: ['act_1'] }],
  ['{"type":"checked","at":5,"failed":[]}', { type: 'checked', at: 5, failed: [] }],
  ['{"type":"alerts"}', { type: 'alerts' }],
  ['{"type":"changed","accountIds":[1]}', null],
  ['{"type":"beat"}', null],
  ['null', null],
  ['nonsense', null],
])('%s', (data, event) => {
  expect(parseLiveEvent(data)).toEqual(event);
});

test('the pauses grow to 15 s and never fall below 1 s', () => {
  expect([1, 2, 3, 4, 5, 50].map((attempt) => reconnectDelayMs(attempt, 1))).toEqual([
    1000, 2000, 4000, 8000, 15_000, 15_000,
  ]);
  expect([1, 2, 50].map((attempt) => reconnectDelayMs(attempt, 0))).toEqual([1000, 1400, 10_500]);
});

describe('a sweep', () => {
  const card = { accountId: 'act_1', observedAt: 100 } as const;
  const start = startMoment(1000);

  test('makes the status of every account younger but of those it missed', () => {
    const moment = recordSweep(start, 900, ['act_2']);
    expect(seenAt(card, moment)).toBe(900);
    expect(seenAt({ accountId: 'act_2', observedAt: 100 }, moment)).toBe(100);
    expect(seenAt({ accountId: 'act_1', observedAt: null }, moment)).toBeNull();
  });

  test('a missed account keeps the last time that a sweep saw it', () => {
    const missedTwice = recordSweep(recordSweep(recordSweep(start, 900, []), 960, ['act_1']), 1020, [
      'act_1',
    ]);
    expect(seenAt(card, missedTwice)).toBe(900);
  });
});

describe('a read joins the board', () => {
  const other = { ...activeCard, accountId: 'act_2' as const };
  const board = fixtureBoard([activeCard, other]);
  const fresh = (cards: (typeof activeCard)[]) => ({ ...fixtureBoard(cards), asOf: fixtureNow + 1 });

  test('what did not change is the same object', () => {
    const merged = mergeBoard(board, fresh([{ ...activeCard }, { ...other, spendMinor: 1 }]), 'all');
    expect(merged.cards[0]).toBe(activeCard);
    expect(merged.cards[1]?.spendMinor).toBe(1);
  });

  test('a wanted card that did not come is gone, the others stay, new ones join', () => {
    const found = { ...activeCard, accountId: 'act_3' as const };
    const merged = mergeBoard(board, fresh([found]), ['act_2', 'act_3']);
    expect(merged.cards.map((card) => card.accountId)).toEqual([activeCard.accountId, 'act_3']);
    expect(mergeBoard(board, fresh([found]), 'all').cards).toEqual([found]);
  });

  test('an older answer is not believed', () => {
    expect(mergeBoard(board, { ...fresh([]), asOf: fixtureNow - 1 }, 'all')).toBe(board);
  });
});
