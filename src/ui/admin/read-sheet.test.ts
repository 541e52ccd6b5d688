import { expect, test } from 'vitest';
import { readSheet } from './read-sheet.ts';

test.each([
  ['UTF-8', [0x5a, 0xc3, 0xbc]],
  ['UTF-8 with its mark', [0xef, 0xbb, 0xbf, 0x5a, 0xc3, 0xbc]],
  ['UTF-16', [0xff, 0xfe, 0x5a, 0, 0xfc, 0]],
  ['Windows-1252', [0x5a, 0xfc]],
])('%s is read', (_name, bytes) => {
  expect(readSheet(Uint8Array.from(bytes))).toBe('Zü');
});
