import { expect, test } from 'vitest';
import { fixtureBoard } from './board.fixture.ts';
import { packBoard, unpackBoard } from './packed-board.ts';

test.each([fixtureBoard(), fixtureBoard([])])('a board survives its way into the page', (board) => {
  expect(unpackBoard(packBoard(board))).toEqual(board);
  expect(JSON.stringify(unpackBoard(packBoard(board)).cards)).toBe(JSON.stringify(board.cards));
});
