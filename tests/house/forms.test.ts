import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** What every form that takes a password has in common. */

const ui = path.resolve(import.meta.dirname, '../../src');
const screens = readdirSync(ui, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.tsx'))
  .map((entry) => ({
    name: entry.name,
    text: readFileSync(path.join(entry.parentPath, entry.name), 'utf8'),
  }));
const passwords = screens.flatMap(({ name, text }) =>
  [...text.matchAll(/<input\b[^]*?\/>/g)]
    .map(([field]) => ({ name, field }))
    // A token of Meta's is pasted once and is nobody's password.
    .filter(
      ({ field }) => /name="\w*password\w*"|type="password"/i.test(field) && !/name="token"/.test(field),
    ),
);

test('passwords are typed unseen, and password managers may fill them in', () => {
  expect(passwords.length).toBeGreaterThan(0);
  const wrong = passwords.filter(
    ({ field }) =>
      !/type="password"/.test(field) || !/autoComplete=/.test(field) || /autoComplete="off"/.test(field),
  );
  expect(wrong).toEqual([]);
});

test('nothing hinders pasting, and nothing cuts a password short', () => {
  expect(
    screens.filter(({ text }) => /onPaste|onCopy|onDrop|onContextMenu/.test(text)).map(({ name }) => name),
  ).toEqual([]);
  expect(passwords.filter(({ field }) => /maxLength|pattern=/.test(field))).toEqual([]);
});

test('nobody is asked for hints or for the name of his first pet', () => {
  const asking = /password hint|secret question|security question|mother.s maiden/i;
  expect(screens.filter(({ text }) => asking.test(text)).map(({ name }) => name)).toEqual([]);
});
