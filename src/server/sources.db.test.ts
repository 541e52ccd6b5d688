import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../tests/database.ts';
import { aesGcmSealer } from '../adapters/sealing/aes-gcm.ts';
import { settingsKeys } from '../adapters/sealing/key-ring.ts';
import type { AccountSource } from '../ports/account-source.ts';
import { addConnection } from '../services/connections/add-connection.ts';
import { admin, connectionsHouse, lasting, signal } from '../services/connections/connections.fixture.ts';
import { removeConnection } from '../services/connections/remove-connection.ts';
import { replaceToken } from '../services/connections/replace-token.ts';
import { rotateKey } from '../services/connections/rotate-key.ts';
import { storedSources } from './sources.ts';

const [old, current] = [randomBytes(32), randomBytes(32)];
const keys = aesGcmSealer(settingsKeys(old, []));
const one = { id: 1, name: 'one', kind: 'meta' } as const;
let db: TestDatabase;
let house: ReturnType<typeof connectionsHouse>;
beforeAll(async () => {
  db = await testDatabase();
  house = connectionsHouse(db.database, keys);
});
beforeEach(async () => {
  await house.empty();
  for (const token of ['a', 'b']) house.tokens.set(token, lasting);
  await addConnection(house, admin, { name: 'one', businessIds: [], token: 'a' }, signal);
});
afterAll(() => db.drop());

/** A process with these keys, and the tokens that it has built sources for. */
function process(sealer = keys) {
  const built: string[] = [];
  const build = (token: string) => {
    built.push(token);
    return { token } as unknown as AccountSource;
  };
  const simulated = { token: 'simulated' } as unknown as AccountSource;
  return {
    built,
    sourceOf: storedSources({ database: db.database, sealer, log: house.log }, build, simulated),
  };
}

test('one source lives as long as its token, in every cycle', async () => {
  const { built, sourceOf } = process();
  const sources = await Promise.all(Array.from({ length: 20 }, () => sourceOf(one)));
  expect(new Set([...sources, await sourceOf(one)]).size).toBe(1);
  expect(built).toEqual(['a']);
});

test('a replaced token is met at the next call, in all processes', async () => {
  const processes = [process(), process()];
  for (const { sourceOf } of processes) await sourceOf(one);
  await replaceToken(house, admin, { name: 'one', token: 'b' }, signal);
  for (const { sourceOf, built } of processes) {
    expect(await sourceOf(one)).toEqual({ token: 'b' });
    expect(built).toEqual(['a', 'b']);
  }
});

test('another key is no other token', async () => {
  const both = aesGcmSealer(settingsKeys(current, [old]));
  const { built, sourceOf } = process(both);
  const before = await sourceOf(one);
  expect(await rotateKey({ ...house, sealer: both }, admin)).toMatchObject({ value: { resealed: 1 } });
  expect(await sourceOf(one)).toBe(before);
  expect(built).toEqual(['a']);
});

test('no token, no source; one that does not open is told once and answers null', async () => {
  const stranger = process(aesGcmSealer(settingsKeys(current, [])));
  expect([await stranger.sourceOf(one), await stranger.sourceOf(one)]).toEqual([null, null]);
  expect(house.lines).toMatchObject([{ level: 'error', connection: 'one' }]);
  const { sourceOf } = process();
  expect(await sourceOf({ ...one, id: 99 })).toBeNull();
  expect(await sourceOf({ ...one, kind: 'simulation' })).toEqual({ token: 'simulated' });
  expect(await sourceOf(one)).toEqual({ token: 'a' });
  await removeConnection(house, admin, 'one');
  expect(await sourceOf(one)).toBeNull();
});
