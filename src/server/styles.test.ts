import { expect, test } from 'vitest';
import { readStyles } from './styles.ts';

test('every set orders the layers alike, whichever the browser reads first', () => {
  const order = /@layer base,[^{;]+;/.exec(readStyles('house'))?.[0];
  expect(order).toMatch(/sign-in, page, .*me, .*admin;$/);
  for (const set of ['alerts', 'me', 'account', 'admin', 'analytics'] as const)
    expect(readStyles(set).startsWith(order!), set).toBe(true);
});
