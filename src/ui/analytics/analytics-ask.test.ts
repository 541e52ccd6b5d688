import { expect, test } from 'vitest';
import { askAddress, parseAsk } from './analytics-ask.ts';

test.each([
  [{}, { by: 'vendor', days: 30 }, '/analytics'],
  [{ by: 'currency', days: '7' }, { by: 'currency', days: 7 }, '/analytics?by=currency&days=7'],
  [{ by: 'vendor', days: '90' }, { by: 'vendor', days: 90 }, '/analytics?days=90'],
  [{ by: 'x', days: '31' }, { by: 'vendor', days: 30 }, '/analytics'],
  [{ by: ['connection'], days: ['7'] }, { by: 'vendor', days: 30 }, '/analytics'],
] as const)('%o asks for %o at %s', (asked, ask, address) => {
  const parsed = parseAsk(asked as Parameters<typeof parseAsk>[0]);
  expect(parsed).toEqual(ask);
  expect(askAddress(parsed, {})).toBe(address);
});
