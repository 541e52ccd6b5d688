import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../../tests/members-house.ts';
import { addMember } from './add-member.ts';
import { describeSignIn, signInWithPassword } from './sign-in.ts';

const minute = 60_000;
const jane = 'jane@agency.example';
let db: TestDatabase;
let house: MembersHouse;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  house = membersHouse(db.database);
  await house.empty();
  await addMember(house, operator, { email: jane, role: 'viewer', password });
});

function attempt(given: { email?: string; password?: string; address?: string } = {}) {
  return signInWithPassword(house, {
    email: given.email ?? jane,
    password: given.password ?? 'not the password',
    address: given.address ?? '192.0.2.1',
  });
}

describe.each([
  ['a known e-mail', jane],
  ['an unknown e-mail', 'nobody@agency.example'],
])('%s', (_, email) => {
  test('has seven tries; the eighth is refused without hashing, even with the right password', async () => {
    for (let left = 6; left >= 0; left -= 1) {
      expect(await attempt({ email })).toEqual({ outcome: 'wrong', triesLeft: left });
    }
    expect(house.hashings.checked).toBe(7);
    expect(await attempt({ email, password })).toEqual({
      outcome: 'paused',
      whose: 'account',
      forMs: 30 * minute,
    });
    expect(house.hashings.checked).toBe(7);
  });

  test('pauses for the whole half hour, then has seven tries again', async () => {
    for (let n = 0; n < 6; n += 1) await attempt({ email });
    house.clock.pass(29 * minute);
    await attempt({ email });
    house.clock.pass(30 * minute - 1);
    expect(await attempt({ email })).toMatchObject({ outcome: 'paused', forMs: 1 });
    house.clock.pass(1);
    expect(await attempt({ email })).toEqual({ outcome: 'wrong', triesLeft: 6 });
  });

  test('gets no more than seven hashings out of a hundred tries at once', async () => {
    const addresses = Array.from({ length: 100 }, (_, n) => `198.51.100.${n}`);
    const results = await Promise.all(addresses.map((address) => attempt({ email, address })));
    expect(results.filter(({ outcome }) => outcome === 'wrong')).toHaveLength(7);
    expect(house.hashings.checked).toBe(7);
  });
});

test('a success is no failure, and forgives none', async () => {
  for (let n = 0; n < 5; n += 1) await attempt();
  for (let n = 0; n < 3; n += 1) expect(await attempt({ password })).toMatchObject({ outcome: 'in' });
  expect(await attempt()).toEqual({ outcome: 'wrong', triesLeft: 1 });
});

test('an address has thirty failures over all accounts, and successes are none', async () => {
  for (let n = 0; n < 40; n += 1) expect(await attempt({ password })).toMatchObject({ outcome: 'in' });
  for (let n = 0; n < 30; n += 1) {
    expect(await attempt({ email: `member${n}@agency.example` })).toMatchObject({ outcome: 'wrong' });
  }
  const before = house.hashings.checked;
  expect(await attempt({ password })).toMatchObject({ outcome: 'paused', whose: 'address' });
  expect(house.hashings.checked).toBe(before);
  expect(await attempt({ password, address: '192.0.2.2' })).toMatchObject({ outcome: 'in' });
});

test('the password must be the whole one, and what is no e-mail is refused like any other', async () => {
  for (const wrong of ['', password.slice(0, -1), `${password} `, password.toUpperCase(), 'x'.repeat(4000)]) {
    expect(await attempt({ password: wrong })).toMatchObject({ outcome: 'wrong' });
  }
  expect(await attempt({ email: "' or true --", password })).toMatchObject({ outcome: 'wrong' });
});

test('neither log nor audit holds a password, a token or what was typed as e-mail', async () => {
  const result = await attempt({ password });
  await attempt({ email: 'my-secret-typed-in-the-wrong-field', password: 'canary password' });
  const audit = await db.database.sql`select * from audit_log`;
  const written = JSON.stringify([audit, house.lines]);
  expect(written).toContain('member.signed_in');
  expect(result.outcome).toBe('in');
  if (result.outcome === 'in') expect(written).not.toContain(result.token);
  for (const secret of [password, 'canary', 'wrong-field']) expect(written).not.toContain(secret);
});

test.each([
  [
    { outcome: 'wrong', triesLeft: 5 },
    'Email or password is wrong. After 5 more tries this account pauses for 30 minutes.',
  ],
  [
    { outcome: 'wrong', triesLeft: 1 },
    'Email or password is wrong. After 1 more try this account pauses for 30 minutes.',
  ],
  [{ outcome: 'wrong', triesLeft: 0 }, 'Email or password is wrong. This account pauses for 30 minutes now.'],
  [
    { outcome: 'paused', whose: 'account', forMs: 61_000 },
    'Too many tries. This account pauses for 2 more minutes.',
  ],
  [
    { outcome: 'paused', whose: 'address', forMs: 1 },
    'Too many tries from your address. It pauses for 1 more minute.',
  ],
] as const)('%j in words', (result, words) => {
  expect(describeSignIn(result)).toBe(words);
});
