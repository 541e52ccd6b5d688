import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../../tests/members-house.ts';
import { browserKeys } from '../../adapters/channels/receiver.fixture.ts';
import { buildChannels } from '../../adapters/channels/build-channel.ts';
import { makeVapidKeys } from '../../adapters/channels/web-push/config.ts';
import { aesGcmSealer } from '../../adapters/sealing/aes-gcm.ts';
import { settingsKeys } from '../../adapters/sealing/key-ring.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { AlertMessage, SendOutcome } from '../../ports/channel.ts';
import { makeAlertLink } from '../alerts/alert-links.ts';
import { addMember } from '../members/add-member.ts';
import { changeRole } from '../members/change-role.ts';
import { disableMember } from '../members/disable-member.ts';
import { addOwnDevice } from './add-own-device.ts';
import { readOwnAlerts, removeOwnDevice, testOwnDevice } from './own-devices.ts';
import { renewOwnDevice } from './renew-own-device.ts';

const mara: Actor = { role: 'viewer', name: 'mara@agency.example' };
const jon: Actor = { role: 'analyst', name: 'jon@agency.example' };
const chrome = 'Mozilla/5.0 (Linux; Android 10; K) Chrome/140.0.0.0 Mobile Safari/537.36';
const sealer = aesGcmSealer(settingsKeys(randomBytes(32), []));
let db: TestDatabase;
let house: MembersHouse;
let sent: AlertMessage[];
let outcome: SendOutcome;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  house = membersHouse(db.database);
  await house.empty();
  await db.database.sql`truncate channels, alerts restart identity cascade`;
  for (const { name: email, role } of [mara, jon])
    await addMember(house, operator, { email, role, password });
  sent = [];
  outcome = { outcome: 'sent' };
});

const subscription = (name: string, host = 'fcm.googleapis.com') => ({
  endpoint: `https://${host}/fcm/send/${name}-0123456789`,
  expirationTime: null,
  keys: browserKeys(),
});
const vapid = { ...makeVapidKeys(), subject: 'mailto:ops@example.com' };
const deps = () => ({
  ...house,
  clock: { now: house.clock.now, monotonicMs: () => 0 },
  sealer,
  channelBuilder: async () =>
    buildChannels({ clock: house.clock, appUrl: 'http://localhost', graphVersion: 'v26.0', vapid }),
  openChannel: async () => ({
    spacingMs: 0,
    async send(message: AlertMessage) {
      sent.push(message);
      return outcome;
    },
  }),
  pushKey: async () => vapid.publicKey,
});
const add = (actor: Actor, given: unknown, userAgent = chrome) =>
  addOwnDevice(deps(), actor, { subscription: given, userAgent });
const devicesOf = async (actor: Actor) => (await readOwnAlerts(deps(), actor))?.devices ?? [];
const audited = async () =>
  (
    await db.database.sql<{ line: string }>`
      select actor || ' ' || action || ' ' || (detail ->> 'name') as line from audit_log
      where action like 'device.%' order by id`
  ).map(({ line }) => line);

async function idOf(actor: Actor, given: unknown): Promise<number> {
  const added = await add(actor, given);
  if (!added.isDone) throw new Error(added.problem);
  return added.value.id;
}

test('a viewer adds two devices: sealed, his, for warnings and worse, each under a name of its own', async () => {
  const secret = subscription('CANARY');
  expect(await add(mara, secret)).toEqual({
    isDone: true,
    value: { id: expect.any(Number), name: 'mara@agency.example, Chrome on Android' },
  });
  expect(await add(mara, subscription('second'))).toMatchObject({
    value: { name: 'mara@agency.example, Chrome on Android 2' },
  });
  const rows = await db.database.sql`
    select kind, lowest_severity as lowest, email, escalation_level as level, sealed is not null as "isSealed"
    from channels c join members m on m.id = c.member_id`;
  const row = { kind: 'web_push', lowest: 'warning', email: mara.name, level: 0, isSealed: true };
  expect(rows).toEqual([row, row]);
  const [text] = await db.database.sql<{ all: string }>`
    select (select string_agg(c::text || encode(sealed, 'escape'), '') from channels c)
      || (select string_agg(a::text, '') from audit_log a) as all`;
  expect(text?.all).not.toContain('CANARY');
  expect(text?.all).not.toContain(secret.keys.p256dh);
  expect(await audited()).toEqual([
    'mara@agency.example device.added mara@agency.example, Chrome on Android',
    'mara@agency.example device.added mara@agency.example, Chrome on Android 2',
  ]);
  expect((await devicesOf(mara)).map(({ name, problem, isOff }) => [name, problem, isOff])).toEqual([
    ['mara@agency.example, Chrome on Android', null, false],
    ['mara@agency.example, Chrome on Android 2', null, false],
  ]);
  expect(await devicesOf(jon)).toEqual([]);
});

test('the same browser again is the same device, switched on again', async () => {
  const id = await idOf(mara, subscription('one'));
  await db.database.sql`update channels set disabled_at = now(), disabled_reason = 'HTTP 410'`;
  expect(await devicesOf(mara)).toMatchObject([{ isOff: true, problem: 'HTTP 410' }]);
  expect(await idOf(mara, subscription('one'))).toBe(id);
  expect(await devicesOf(mara)).toMatchObject([{ id, isOff: false, problem: null }]);
  expect(await idOf(jon, subscription('one'))).not.toBe(id);
});

test.each([
  ['an inner address', subscription('x', '10.0.0.1')],
  ['an inner name', subscription('x', 'db.internal')],
  ['plain http', { ...subscription('x'), endpoint: 'http://fcm.googleapis.com/x' }],
  ['no address', { ...subscription('x'), endpoint: 'x' }],
  ['a wrong key', { ...subscription('x'), keys: { p256dh: 'x', auth: 'y' } }],
  ['something more', { ...subscription('x'), memberId: 'x' }],
  ['nothing', null],
  ['not even that', undefined],
  ['a novel', { ...subscription('x'.repeat(5_000)) }],
])('%s is refused', async (_words, given) => {
  expect(await add(mara, given)).toEqual({
    isDone: false,
    problem: expect.stringMatching(/subscription of this browser/),
  });
  expect(await db.database.sql`select 1 from channels`).toEqual([]);
});

test('ten devices are enough, also when all are added at once', async () => {
  const all = await Promise.all(Array.from({ length: 12 }, (_, n) => add(mara, subscription(`d${n}`))));
  expect(all.filter(({ isDone }) => isDone)).toHaveLength(10);
  expect(all.find(({ isDone }) => !isDone)).toMatchObject({ problem: expect.stringMatching(/10 devices/) });
  expect(new Set((await devicesOf(mara)).map(({ name }) => name)).size).toBe(10);
});

test('a long address is cut, so that the name stays one that the tool takes', async () => {
  const email = `${'long'.repeat(20)}@agency.example`;
  await addMember(house, operator, { email, role: 'viewer', password });
  const added = await add({ role: 'viewer', name: email }, subscription('x'));
  expect(added).toMatchObject({
    value: { name: expect.stringMatching(/^(long)+l?o?n?…, Chrome on Android$/) },
  });
  expect(added.isDone && added.value.name.length).toBeLessThanOrEqual(60);
});

test('removing deletes the secrets and is for one’s own devices only', async () => {
  const [id, other] = [await idOf(mara, subscription('one')), await idOf(mara, subscription('two'))];
  const notHis = { isDone: false, problem: 'This device is not in your list any more.' };
  expect(await removeOwnDevice(deps(), jon, id)).toEqual(notHis);
  expect(await testOwnDevice(deps(), jon, id)).toEqual(notHis);
  expect(await removeOwnDevice(deps(), mara, id)).toEqual({ isDone: true, value: null });
  expect(await removeOwnDevice(deps(), mara, id)).toEqual(notHis);
  expect(await db.database.sql`select id, sealed is null as gone from channels order by id`).toEqual([
    { id, gone: true },
    { id: other, gone: false },
  ]);
  expect((await devicesOf(mara)).map((device) => device.id)).toEqual([other]);
  expect((await audited()).at(-1)).toBe(
    'mara@agency.example device.removed mara@agency.example, Chrome on Android',
  );
});

test('a channel of a member’s that is no device cannot be reached this way', async () => {
  await db.database.sql`insert into channels (kind, name, member_id)
    select 'telegram', 'Night shift', id from members where email = ${mara.name}`;
  const [row] = await db.database.sql<{ id: number }>`select id from channels`;
  expect(await devicesOf(mara)).toEqual([]);
  expect(await removeOwnDevice(deps(), mara, row!.id)).toMatchObject({ isDone: false });
});

test('a test says whether it arrived, and the list remembers when not', async () => {
  const id = await idOf(mara, subscription('one'));
  expect(await testOwnDevice(deps(), mara, id)).toEqual({ isDone: true, value: null });
  expect(sent).toMatchObject([{ purpose: 'test', link: null }]);
  outcome = { outcome: 'dead', reason: 'HTTP 410: the subscription is gone', disablesChannel: true };
  expect(await testOwnDevice(deps(), mara, id)).toEqual({
    isDone: false,
    problem: 'The test did not arrive: HTTP 410: the subscription is gone.',
  });
  expect(await devicesOf(mara)).toMatchObject([{ problem: 'HTTP 410: the subscription is gone' }]);
  await db.database.sql`update channels set last_sent_at = last_error_at + interval '1 second'`;
  expect(await devicesOf(mara)).toMatchObject([{ problem: null, lastSentAt: expect.any(Number) }]);
});

test('programs have no devices, roles that are none may nothing', async () => {
  const program: Actor = { role: 'viewer', name: 'api-key:environment' };
  expect(await add(program, subscription('x'))).toMatchObject({ isDone: false });
  expect(await readOwnAlerts(deps(), program)).toBeNull();
  const nobody = { ...mara, role: 'guest' as Actor['role'] };
  for (const verb of [
    () => add(nobody, subscription('x')),
    () => readOwnAlerts(deps(), nobody),
    () => testOwnDevice(deps(), nobody, 1),
    () => removeOwnDevice(deps(), nobody, 1),
  ])
    await expect(verb()).rejects.toMatchObject({ refusal: 'forbidden' });
});

test('the page stands while the key pair does not open', async () => {
  const broken = { ...deps(), pushKey: () => Promise.reject(new Error('another key')) };
  expect(await readOwnAlerts(broken, mara)).toMatchObject({ pushKey: null, timezone: 'UTC' });
  expect(house.lines).toContainEqual(expect.objectContaining({ error: 'Error: another key' }));
});

test('whoever is shut out is told nothing any more', async () => {
  await idOf(mara, subscription('one'));
  await idOf(jon, subscription('two'));
  await disableMember(house, operator, { email: mara.name });
  expect(
    await db.database.sql`select sealed is null as gone, disabled_at is null as "isOn" from channels
    order by id`,
  ).toEqual([
    { gone: true, isOn: false },
    { gone: false, isOn: true },
  ]);
});

test('a link to act by goes only to devices of those who may act', async () => {
  const { sql } = db.database;
  await sql`insert into alerts (key, kind, severity, title, body, opened_at)
    values ('k', 'account_suspended', 'critical', 't', 'b', now())`;
  const [alert] = await sql<{ id: number }>`select id from alerts`;
  const [viewers, analysts] = [await idOf(mara, subscription('one')), await idOf(jon, subscription('two'))];
  const link = (channelId: number) => makeAlertLink(sql, { alertId: alert!.id, channelId, at: Date.now() });
  expect(await link(viewers)).toBeNull();
  expect(await link(analysts)).toMatch(/^\/alerts\/act\//);
  await changeRole(house, operator, { email: mara.name, role: 'analyst' });
  expect(await link(viewers)).toMatch(/^\/alerts\/act\//);
});

test("a device keeps its place under a new address of its push service; nobody else's and no removed one does", async () => {
  const [before, after] = [subscription('before'), subscription('after')];
  const id = await idOf(mara, before);
  const renew = (actor: Actor, endpoint: string, given: unknown = after) =>
    renewOwnDevice(deps(), actor, { endpoint, subscription: given });
  const unknown = { isDone: false, problem: 'This device is not in your list.' };
  expect(await renew(jon, before.endpoint)).toEqual(unknown);
  expect(await renew(mara, after.endpoint)).toEqual(unknown);
  expect(await renew(mara, before.endpoint, subscription('x', 'db.internal'))).toMatchObject({
    isDone: false,
  });
  await db.database.sql`update channels set disabled_at = now(), disabled_reason = 'HTTP 410'`;
  expect(await renew(mara, before.endpoint)).toEqual({ isDone: true, value: null });
  expect(await devicesOf(mara)).toMatchObject([{ id, isOff: false }]);
  // The new address is the known one now.
  expect(await idOf(mara, after)).toBe(id);
  expect(await renew(mara, before.endpoint)).toEqual(unknown);
  await removeOwnDevice(deps(), mara, id);
  expect(await renew(mara, after.endpoint)).toEqual(unknown);
  expect((await audited()).filter((line) => line.includes('renewed'))).toEqual([
    'mara@agency.example device.renewed mara@agency.example, Chrome on Android',
  ]);
});
