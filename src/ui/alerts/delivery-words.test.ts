import { expect, test } from 'vitest';
import type { DeliveryView } from '../../contract/alert-view.ts';
import { fateOf, firstTold, isUnheard, tookWords } from './delivery-words.ts';

const at = Date.UTC(2026, 10, 24, 12);
const delivery: DeliveryView = {
  channel: 'ops',
  channelKind: 'slack',
  purpose: 'opened',
  state: 'sent',
  attempts: 1,
  dueAt: at,
  createdAt: at,
  sentAt: at + 800,
  durationMs: 500,
  lastError: null,
};

test.each([
  [800, '0.8 s'],
  [0, '0.0 s'],
  [-5, '0.0 s'],
  [14_200, '14 s'],
  [150_000, '3 min'],
])('%i ms until it was accepted', (ms, words) => {
  expect(tookWords({ ...delivery, sentAt: at + ms })?.replaceAll('\u00a0', ' ')).toBe(words);
});

test('what was not accepted took no time', () => {
  expect(tookWords({ ...delivery, sentAt: null })).toBeNull();
});

test.each([
  ['sent', 'ok'],
  ['digested', 'waits'],
  ['pending', 'going'],
  ['claimed', 'going'],
  ['retry', 'retry'],
  ['held', 'waits'],
  ['dead', 'dead'],
])('%s is %s', (state, fate) => expect(fateOf({ state })).toBe(fate));

test('of each channel the first word counts, not what followed', () => {
  const deliveries = [
    delivery,
    { ...delivery, channel: 'night', purpose: 'escalated' },
    { ...delivery, purpose: 'repeat' },
    { ...delivery, channel: 'late', purpose: 'resolved' },
  ];
  expect(firstTold({ deliveries }).map(({ channel, purpose }) => [channel, purpose])).toEqual([
    ['ops', 'opened'],
    ['night', 'escalated'],
  ]);
});

test('nobody has heard of it only when every try was given up', () => {
  const dead = { ...delivery, state: 'dead' };
  expect(isUnheard({ deliveries: [dead, dead] })).toBe(true);
  expect(isUnheard({ deliveries: [dead, delivery] })).toBe(false);
  expect(isUnheard({ deliveries: [] })).toBe(false);
});
