import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { embeddedSignIn } from './embedded-sign-in.ts';

const signIn = embeddedSignIn(4);
const email = 'jane@agency.example';

test('a password matches its own hash and no other', async () => {
  const hash = await signIn.hashPassword('grün-Äpfel-7🦊', email);
  expect(hash).toMatch(/^\$2[aby]\$04\$/);
  expect(await signIn.verifyPassword('grün-Äpfel-7🦊', hash, email)).toBe(true);
  expect(await signIn.verifyPassword('grün-Äpfel-7🐢', hash, email)).toBe(false);
  expect(await signIn.verifyPassword('', hash, email)).toBe(false);
});

test('production hashes with cost 12', async () => {
  expect(await embeddedSignIn().hashPassword('twelve chars', email)).toMatch(/^\$2[aby]\$12\$/);
});

test('73 bytes are refused, not cut', async () => {
  const whole = 'x'.repeat(72);
  const hash = await signIn.hashPassword(whole, email);
  expect(await signIn.verifyPassword(whole, hash, email)).toBe(true);
  expect(await signIn.verifyPassword(`${whole}y`, hash, email)).toBe(false);
  await expect(signIn.hashPassword(`${whole}y`, email)).rejects.toThrow(RangeError);
});

test('nobody is as slow to refuse as somebody', async () => {
  const slow = embeddedSignIn(9);
  const hash = await slow.hashPassword('twelve chars', email);
  const timeOf = async (against: string | null) => {
    const times: number[] = [];
    for (let n = 0; n < 5; n += 1) {
      const start = performance.now();
      expect(await slow.verifyPassword('another password', against, email)).toBe(false);
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[2] ?? 0;
  };
  const [somebody, nobody] = [await timeOf(hash), await timeOf(null)];
  expect(nobody).toBeGreaterThan(somebody / 3);
  expect(nobody).toBeLessThan(somebody * 3);
});

test('tokens have 256 bits, never repeat, and only their SHA-256 is for the database', () => {
  const tokens = Array.from({ length: 100 }, () => signIn.newToken());
  expect(new Set(tokens.map(({ token }) => token)).size).toBe(100);
  for (const { token, digest } of tokens) {
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(Buffer.from(digest)).toEqual(createHash('sha256').update(token).digest());
    expect(Buffer.from(signIn.digest(token))).toEqual(Buffer.from(digest));
  }
});

test('secrets of any lengths compare', () => {
  expect(signIn.sameSecret('abc', 'abc')).toBe(true);
  expect(signIn.sameSecret('abc', 'abcd')).toBe(false);
  expect(signIn.sameSecret('', 'abcd')).toBe(false);
});
