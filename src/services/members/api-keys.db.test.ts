import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../../tests/members-house.ts';
import type { Actor } from '../../domain/permissions.ts';
import { addApiKey, readApiKeys, revokeApiKey } from './api-keys.ts';
import { addMember } from './add-member.ts';
import { changeRole } from './change-role.ts';
import { disableMember } from './disable-member.ts';
import { actorOfBearer } from './find-actor.ts';

let db: TestDatabase;
let house: MembersHouse;
const ana: Actor = { role: 'analyst', name: 'ana@agency.example' };
const owner: Actor = { role: 'admin', name: 'owner@agency.example' };

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  house = membersHouse(db.database);
  await house.empty();
  await db.database.sql`delete from api_keys`;
  for (const { name: email, role } of [ana, owner])
    await addMember(house, operator, { email, role, password });
});

async function made(actor: Actor, given: { name: string; role: 'viewer' | 'analyst' }): Promise<string> {
  const added = await addApiKey(house, actor, given);
  if (!added.isDone) throw new Error(added.problem);
  return added.value.key;
}
const asked = (key: string) => actorOfBearer(house, `Bearer ${key}`);

test('a key works, is stored as a digest only, and its use is noted once a minute', async () => {
  const key = await made(ana, { name: 'sheet', role: 'analyst' });
  expect(key).toMatch(/^arbhub_[\w-]{43}$/);
  expect(await asked(key)).toEqual({ role: 'analyst', name: 'api-key:sheet' });
  expect(await asked(`${key}x`)).toBeNull();
  const [row] = await readApiKeys(house, ana);
  expect(row).toMatchObject({ name: 'sheet', madeBy: ana.name, lastUsedAt: await house.clock.now() });
  const stored = JSON.stringify(
    await db.database
      .sql`select k::text, (select string_agg(detail::text, '') from audit_log) from api_keys k`,
  );
  expect(stored).not.toContain(key.slice(7));
});

test('a viewer makes none; nobody makes an admin’s, or one that may more than he', async () => {
  await expect(
    addApiKey(house, { role: 'viewer', name: 'v' }, { name: 'k', role: 'viewer' }),
  ).rejects.toThrow();
  expect(await addApiKey(house, owner, { name: 'k', role: 'admin' })).toMatchObject({ isDone: false });
  await made(ana, { name: 'k', role: 'viewer' });
  expect(await addApiKey(house, owner, { name: 'k', role: 'viewer' })).toMatchObject({
    problem: expect.stringContaining('already') as string,
  });
});

test('an analyst sees and ends his own, an admin all; an ended one is refused at once and its name is free', async () => {
  const [his, hers] = [
    await made(ana, { name: 'a', role: 'viewer' }),
    await made(owner, { name: 'o', role: 'viewer' }),
  ];
  expect((await readApiKeys(house, ana)).map(({ name }) => name)).toEqual(['a']);
  expect((await readApiKeys(house, owner)).map(({ name }) => name)).toEqual(['a', 'o']);
  expect(await revokeApiKey(house, ana, { name: 'o' })).toMatchObject({ isDone: false });
  expect(await revokeApiKey(house, owner, { name: 'a' })).toMatchObject({ isDone: true });
  expect([await asked(his), (await asked(hers))?.role]).toEqual([null, 'viewer']);
  await made(ana, { name: 'a', role: 'viewer' });
});

test('a key never does more than its maker may now, and nothing when he is shut out', async () => {
  const key = await made(ana, { name: 'sheet', role: 'analyst' });
  const ofOperator = await made(operator, { name: 'monitor', role: 'analyst' });
  await changeRole(house, operator, { email: ana.name, role: 'viewer' });
  expect((await asked(key))?.role).toBe('viewer');
  await disableMember(house, operator, { email: ana.name });
  expect(await asked(key)).toBeNull();
  expect((await asked(ofOperator))?.role).toBe('analyst');
});

test('the key of the settings goes on to work beside them', async () => {
  const deps = { ...house, config: { ...house.config, apiKey: 'from the settings' } };
  expect(await actorOfBearer(deps, 'Bearer from the settings')).toEqual({
    role: 'viewer',
    name: 'api-key:environment',
  });
});
