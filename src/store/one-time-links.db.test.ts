import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../tests/database.ts';
import { isLinkUsable, replaceLink, takeLink } from './one-time-links.ts';

const at = Date.UTC(2026, 10, 24);
const digest = new Uint8Array(32).fill(7);
let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

test('a link is taken by one of many, in time, for its purpose', async () => {
  const { sql } = db.database;
  await replaceLink(sql, { digest, purpose: 'first_admin', at, expiresAt: at + 1000 });
  const take = (when: number, of = digest) => takeLink(sql, of, 'first_admin', when);
  expect(await take(at + 1000)).toBe(false);
  expect(await take(at, new Uint8Array(32))).toBe(false);
  expect(await isLinkUsable(sql, digest, 'first_admin', at + 999)).toBe(true);
  const taken = await Promise.all(Array.from({ length: 8 }, () => take(at + 999)));
  expect(taken.filter(Boolean)).toHaveLength(1);
  expect(await isLinkUsable(sql, digest, 'first_admin', at + 999)).toBe(false);
  expect(await take(at + 999)).toBe(false);
});
