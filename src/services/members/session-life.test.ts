import { expect, test } from 'vitest';
import { sessionCookie, tokenOfCookieHeader } from './session-life.ts';

const http = new URL('http://localhost:3000');
const https = new URL('https://arbhub.example');

test('over https the cookie is bound to the host and to https', () => {
  expect(sessionCookie(https)).toEqual({
    name: '__Host-arbhub',
    options: { httpOnly: true, secure: true, sameSite: 'lax', path: '/', maxAge: 604_800 },
  });
  expect(sessionCookie(http)).toMatchObject({ name: 'arbhub', options: { httpOnly: true, secure: false } });
});

test.each<[string | null | undefined, string | null]>([
  ['arbhub=abc', 'abc'],
  ['theme=dark; arbhub=abc', 'abc'],
  ['theme=dark;arbhub = abc ;x=y', 'abc'],
  ['xarbhub=1; arbhubx=2', null],
  ['__Host-arbhub=abc', null],
  ['arbhub', null],
  ['', null],
  [null, null],
  [undefined, null],
])('%j holds %j', (header, token) => {
  expect(tokenOfCookieHeader(header, http)).toBe(token);
});

test('over https the plain name counts for nothing', () => {
  expect(tokenOfCookieHeader('arbhub=abc', https)).toBeNull();
  expect(tokenOfCookieHeader('arbhub=abc; __Host-arbhub=def', https)).toBe('def');
});
