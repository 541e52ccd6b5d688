import { expect, test } from 'vitest';
import { isOwnOrigin } from './own-origin.ts';

test.each<[string | null, string, boolean]>([
  ['https://arbhub.example', 'https://arbhub.example', true],
  ['https://arbhub.example', 'https://arbhub.example/some/path', true],
  ['https://ARBHUB.example', 'https://arbhub.example', true],
  ['https://arbhub.example:443', 'https://arbhub.example', true],
  ['http://arbhub.example', 'https://arbhub.example', false],
  ['https://arbhub.example:8443', 'https://arbhub.example', false],
  ['https://x.arbhub.example', 'https://arbhub.example', false],
  ['https://arbhub.example.evil', 'https://arbhub.example', false],
  ['http://localhost:3000', 'http://127.0.0.1:3000', true],
  ['http://[::1]:3000', 'http://localhost:3000', true],
  ['http://localhost:3000', 'http://arbhub.example:3000', false],
  ['http://localhost.evil:3000', 'http://localhost:3000', false],
  ['http://127.0.0.1:3001', 'http://127.0.0.1:3000', false],
  ['null', 'http://localhost:3000', false],
  ['', 'http://localhost:3000', false],
  [null, 'http://localhost:3000', false],
  ['file://', 'http://localhost:3000', false],
])('%s at %s: %s', (origin, appUrl, expected) => {
  expect(isOwnOrigin(origin, new URL(appUrl))).toBe(expected);
});
