import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Wanted } from './refetch-queue.ts';
import { createRefetchQueue } from './refetch-queue.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start() {
  const reads: Wanted[] = [];
  const ends: { resolve: () => void; reject: (reason: Error) => void }[] = [];
  const queue = createRefetchQueue((wanted) => {
    reads.push(wanted);
    return new Promise((resolve, reject) => ends.push({ resolve, reject }));
  });
  return { reads, ends, queue };
}

describe('reading again', () => {
  test('a burst is one read', async () => {
    const { reads, queue } = start();
    queue.ask(['a']);
    queue.ask(['b', 'a']);
    queue.ask([]);
    await vi.advanceTimersByTimeAsync(50);
    expect(reads).toEqual([['a', 'b']]);
  });

  test('never two at once, and half a second between them', async () => {
    const { reads, ends, queue } = start();
    queue.ask(['a']);
    await vi.advanceTimersByTimeAsync(50);
    queue.ask(['b']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reads).toHaveLength(1);
    ends[0]?.resolve();
    await vi.advanceTimersByTimeAsync(499);
    queue.ask(['c']);
    expect(reads).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(reads).toEqual([['a'], ['b', 'c']]);
  });

  test('all swallows the few, and very many are all', async () => {
    const { reads, queue } = start();
    queue.ask(['a']);
    queue.ask('all');
    queue.ask(['b']);
    await vi.advanceTimersByTimeAsync(50);
    expect(reads).toEqual(['all']);
    const many = start();
    many.queue.ask(Array.from({ length: 61 }, (_, n) => `act_${n}`));
    await vi.advanceTimersByTimeAsync(50);
    expect(many.reads).toEqual(['all']);
  });

  test('a failed read keeps its wishes and tries again later', async () => {
    const { reads, ends, queue } = start();
    queue.ask(['a']);
    await vi.advanceTimersByTimeAsync(50);
    ends[0]?.reject(new Error('down'));
    await vi.advanceTimersByTimeAsync(50);
    queue.ask(['b']);
    await vi.advanceTimersByTimeAsync(1949);
    expect(reads).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(reads[1]).toEqual(['a', 'b']);
  });
});
