import { expect, test } from 'vitest';
import type { FleetAccount } from '../../contract/fleet.ts';
import { answerOf, changedTags, undoOf, wishOfForm } from './fleet-wish.ts';

const account: FleetAccount = {
  ...{ accountId: 'act_1', name: 'US-1', vendor: null, connection: 'default', currency: 'USD' },
  ...{ state: 'active', isArchived: false, archivedBy: null, operatorLimit: '250.00', limitMinor: 25_000 },
  tags: ['us'],
};
const form = (fields: Record<string, string>) => {
  const made = new FormData();
  for (const [name, value] of Object.entries(fields)) made.set(name, value);
  return made;
};
const asItStands = { vendor: 'Unassigned', dailyLimit: '250.00', tags: 'us' };

test.each([
  [{}, {}, {}],
  [{ vendor: 'Alpha' }, { vendor: 'Alpha' }, { vendor: 'Unassigned' }],
  [{ dailyLimit: '' }, { dailyLimit: 'none' }, { dailyLimit: '250.00' }],
  [{ tags: 'us, eu' }, { tags: ['us', 'eu'] }, { tags: ['us'] }],
])('%j wishes for %j and is taken back by %j', (typed, wish, undo) => {
  const wished = wishOfForm(account, form({ ...asItStands, ...typed }));
  expect(wished).toEqual({ account: 'act_1', ...wish });
  expect(undoOf(account, wished)).toEqual({ account: 'act_1', ...undo });
});

test('tags are added and taken away', () => {
  expect(changedTags(['us', 'old'], 'EU, us', 'old')).toEqual(['us', 'eu']);
});

test('what could not be done for some is told with its reasons', () => {
  const row = (accountId: string, problem: string | null) => ({ accountId, problem });
  expect(answerOf({ isDone: true, rows: [row('act_1', null), row('act_2', null)] })).toEqual({
    isDone: true,
  });
  expect(answerOf({ isDone: true, rows: [row('act_1', 'No.')] })).toEqual({ isDone: false, problem: 'No.' });
  const many = [row('act_0', null), ...Array.from({ length: 7 }, (_, no) => row(`act_${no + 1}`, 'No.'))];
  const answer = answerOf({ isDone: true, rows: many });
  expect(answer).toMatchObject({
    problem: expect.stringMatching(/^Done for 1 of 8.*act_1: No\..*And 2 more\.$/) as string,
  });
});
