import { expect, test } from 'vitest';
import { totpCodes } from './totp.ts';

const codes = totpCodes();
/** The secret of RFC 6238, appendix B: "12345678901234567890". */
const rfcSecret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

// The last six of the eight digits that the RFC shows.
test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1111111111, '050471'],
  [1234567890, '005924'],
  [2000000000, '279037'],
])('RFC 6238 at %i s: %s', (second, code) => {
  expect(codes.stepOf(rfcSecret, code, second * 1000)).toBe(Math.floor(second / 30));
});

test('a code holds for its own half minute and the one on either side', () => {
  const at = 59_000;
  const held = [-61, -31, -30, 0, 30, 31, 61].map((s) => codes.stepOf(rfcSecret, '287082', at + s * 1000));
  expect(held).toEqual([null, 1, 1, 1, 1, null, null]);
});

test.each(['', '28708', '2870822', '28708x', ' 287082', '-87082', '２８７０８２'])(
  '%j is no code',
  (code) => {
    expect(codes.stepOf(rfcSecret, code, 59_000)).toBeNull();
  },
);

test('secrets have 160 bits and never repeat; their drawing is square', () => {
  const secrets = Array.from({ length: 50 }, () => codes.newSecret());
  expect(new Set(secrets).size).toBe(50);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
  const { secret, drawing } = codes.enrolment(secrets[0]!, 'jane@agency.example');
  expect(secret).toBe(secrets[0]);
  expect(drawing.size).toBeGreaterThan(20);
  // The first row of a QR code begins with the seven squares of its corner.
  expect(drawing.path).toMatch(/^M0 0h7v1h-7z/);
});

test('recovery codes have 120 bits and never repeat', () => {
  const made = Array.from({ length: 200 }, () => codes.newRecoveryCode());
  expect(new Set(made).size).toBe(200);
  for (const code of made) expect(code).toMatch(/^([a-km-np-z02-9]{4}-){5}[a-km-np-z02-9]{4}$/);
});
