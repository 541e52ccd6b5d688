import { expect, test } from 'vitest';
import { jarOfHeader } from './cookie-jar.ts';

const options = { httpOnly: true, secure: false, sameSite: 'lax', path: '/', maxAge: 60 } as const;

test.each<[string | null | undefined, string[]]>([
  ['arbhub=abc', ['arbhub=abc']],
  ['theme=dark; arbhub=abc', ['theme=dark', 'arbhub=abc']],
  ['theme=dark;arbhub = abc ;x=y', ['theme=dark', 'arbhub=abc', 'x=y']],
  ['a=b=c; =d; e; f=', ['a=b=c', 'f=']],
  ['', []],
  [null, []],
  [undefined, []],
])('%j holds %j', (header, held) => {
  expect(
    jarOfHeader(header)
      .getAll()
      .map(({ name, value }) => `${name}=${value}`),
  ).toEqual(held);
});

test('what was set is there, and what was taken out is gone', () => {
  const jar = jarOfHeader('a=1; b=2');
  jar.set('a', '3', options);
  jar.set('b', '', { ...options, maxAge: 0 });
  expect(jar.getAll()).toEqual([{ name: 'a', value: '3' }]);
});
