import { expect, test } from 'vitest';
import { Lanes } from './lanes.ts';

test('never more than the lanes at once, in the order of asking, and a failure gives its lane back', async () => {
  const lanes = new Lanes(2);
  const begun: number[] = [];
  const finish: (() => void)[] = [];
  let running = 0;
  let most = 0;
  const works = Array.from({ length: 6 }, (_, n) =>
    lanes.pass(async () => {
      begun.push(n);
      most = Math.max(most, ++running);
      await new Promise<void>((resolve) => finish.push(resolve));
      running -= 1;
      if (n === 1) throw new Error('broken');
      return n;
    }),
  );
  const ended = Promise.allSettled(works);
  for (let n = 0; n < 6; n++) {
    await Promise.resolve();
    while (finish.length <= n) await Promise.resolve();
    finish[n]?.();
  }
  expect((await ended).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    ...Array.from({ length: 4 }, () => 'fulfilled'),
  ]);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});
