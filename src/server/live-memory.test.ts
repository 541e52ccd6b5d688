import { expect, test } from 'vitest';
import { LiveMemory } from './live-memory.ts';

const start = 1_000_000;
const changed = (...accountIds: string[]) => ({ type: 'changed' as const, accountIds });
const all = { type: 'changed', accountIds: 'all' };

test('who says nothing of his past, or was there before us, reads everything', () => {
  const memory = new LiveMemory(start);
  expect(memory.missed(null)).toEqual([all, { type: 'alerts' }]);
  expect(memory.missed(start)).toEqual([all, { type: 'alerts' }]);
});

test('who missed nothing hears nothing', () => {
  const memory = new LiveMemory(start);
  memory.add(start + 10_000, changed('act_1'));
  expect(memory.missed(start + 20_000)).toEqual([]);
});

test('what was missed is named once, with the last check', () => {
  const memory = new LiveMemory(start);
  memory.add(start + 5000, changed('act_0'));
  memory.add(start + 10_000, changed('act_1', 'act_2'));
  memory.add(start + 11_000, { type: 'checked', at: 1, failed: [] });
  memory.add(start + 12_000, changed('act_2', 'act_3'));
  memory.add(start + 13_000, { type: 'checked', at: 2, failed: ['act_9'] });
  expect(memory.missed(start + 10_500)).toEqual([
    changed('act_1', 'act_2', 'act_3'),
    { type: 'checked', at: 2, failed: ['act_9'] },
  ]);
});

test('one gap among the news makes it all', () => {
  const memory = new LiveMemory(start);
  memory.add(start + 10_000, changed('act_1'));
  memory.add(start + 11_000, { type: 'changed', accountIds: 'all' });
  expect(memory.missed(start + 9000)).toEqual([all]);
});

test('what is older than ten minutes is forgotten, and so is whoever left before', () => {
  const memory = new LiveMemory(start);
  memory.add(start + 10_000, changed('act_1'));
  memory.add(start + 11 * 60_000, changed('act_2'));
  expect(memory.missed(start + 14_000)).toEqual([changed('act_2')]);
  expect(memory.missed(start + 9000)).toEqual([all, { type: 'alerts' }]);
});

test('news of alerts are told once, and crowd out nothing', () => {
  const memory = new LiveMemory(start);
  memory.add(start + 5000, changed('act_1'));
  for (let i = 0; i < 2000; i++) memory.add(start + 6000 + i, { type: 'alerts' });
  expect(memory.missed(start + 4000)).toEqual([changed('act_1'), { type: 'alerts' }]);
  expect(memory.missed(start + 30_000)).toEqual([]);
});
