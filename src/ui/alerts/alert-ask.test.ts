import { expect, test } from 'vitest';
import { askAddress, parseAsk } from './alert-ask.ts';

const nothing = { tab: 'open', kind: null, vendor: null, chosen: null, before: null } as const;

test('an address without words asks for what is open', () => {
  expect(parseAsk({})).toEqual(nothing);
  expect(askAddress(nothing)).toBe('/alerts');
});

test('what is asked for survives the way through the address', () => {
  const ask = { tab: 'all', kind: 'access_lost', vendor: 'Agency & Sons', chosen: 12, before: 40 } as const;
  const search = new URL(askAddress(ask), 'http://localhost').searchParams;
  expect(parseAsk(Object.fromEntries(search))).toEqual(ask);
  expect(askAddress(ask, { ...nothing, tab: 'resolved' })).toBe('/alerts?state=resolved');
});

test.each([
  { state: 'snoozed' },
  { kind: 'Robert"); drop' },
  { vendor: '\u0000' },
  { vendor: '' },
  { alert: '0' },
  { alert: '-1' },
  { alert: '1e3' },
  { before: 'x' },
])('%o asks for nothing', (asked) => {
  expect(parseAsk(asked)).toEqual(nothing);
});
