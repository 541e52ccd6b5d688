import { expect, test } from 'vitest';
import { sessionCookie } from './session-life.ts';

const http = new URL('http://localhost:3000');
const https = new URL('https://arbhub.example');

test('over https the cookie is bound to the host and to https', () => {
  expect(sessionCookie(https)).toEqual({
    name: '__Host-arbhub',
    options: { httpOnly: true, secure: true, sameSite: 'lax', path: '/', maxAge: 604_800 },
  });
  expect(sessionCookie(http)).toMatchObject({ name: 'arbhub', options: { httpOnly: true, secure: false } });
});
