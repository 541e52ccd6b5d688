import { describe, expect, test } from 'vitest';
import { findPasswordFault, utf8Bytes } from './password.ts';

const email = 'jane.miller@agency.example';

describe('a new password', () => {
  test.each([
    ['', 'too_short'],
    ['elevenchars', 'too_short'],
    // Eleven characters, though twenty-two UTF-16 units.
    ['🦊🐢🦉🐙🦀🐝🐘🦒🐧🐬🦔', 'too_short'],
    ['twelve chars', null],
    ['grün-Äpfel-7', null],
    ['🦊🐢🦉🐙🦀🐝🐘🦒🐧🐬🦔🐌', null],
    ['correct horse battery staple', null],
    ['   leading and trailing   ', null],
    ['vT9#kq2LmZ8w', null],
    [`${'Kolibri-tanzt-'.repeat(1)}${'über den stillen See und singt dabei leise, bis es t'}`, null],
    ['xK'.concat('mountain river '.repeat(4), 'abcdefghij'), null],
    [`x${'ä'.repeat(36)}`, 'too_long'],
    ['password1234', 'too_common'],
    ['Password1234!', 'too_common'],
    ['P4$$w0rd2025!', 'too_common'],
    ['MyPassword123', 'too_common'],
    ['arbhub-admin-2026', 'too_common'],
    ['ArbHubArbHub', 'too_common'],
    ['FacebookAds2026', 'too_common'],
    ['aaaaaaaaaaaaaa', 'too_common'],
    ['abababababab', 'too_common'],
    ['k7Pk7Pk7Pk7P', 'too_common'],
    ['qwertyuiop12', 'too_common'],
    ['poiuytrewq098', 'too_common'],
    ['1qaz2wsx3edc', 'too_common'],
    ['123456789012', 'too_common'],
    ['abcdefghijkl', 'too_common'],
    ['changeme!!!!!', 'too_common'],
    ['1l0veyou12345', 'too_common'],
    ['jane.miller@agency.example', 'too_common'],
    ['Jane-Miller-1', 'too_common'],
    ['miller.agency1', 'too_common'],
  ])('%j: %s', (password, fault) => {
    expect(findPasswordFault(password, email)).toBe(fault);
  });

  test('of 72 bytes is taken, of 73 refused', () => {
    const seventyTwo = 'The quick brown fox jumps over the lazy dog while 9 owls watch it calmly';
    expect(seventyTwo).toHaveLength(72);
    expect(findPasswordFault(seventyTwo, email)).toBeNull();
    expect(findPasswordFault(`${seventyTwo}.`, email)).toBe('too_long');
  });

  test('its bytes are those of UTF-8', () => {
    for (const text of ['', 'a', 'é', '€', '🦊', 'mixed é€🦊']) {
      expect(utf8Bytes(text)).toBe(new TextEncoder().encode(text).length);
    }
    expect(utf8Bytes('\ud800')).toBe(3);
  });
});
