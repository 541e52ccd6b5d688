import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { type MembersHouse, membersHouse, operator, password } from '../../../tests/members-house.ts';
import type { Actor } from '../../domain/permissions.ts';
import { addMember } from './add-member.ts';
import { disableMember } from './disable-member.ts';
import { setHoursOf, setOwnHours, type HoursWish } from './set-own-hours.ts';

const mara: Actor = { role: 'viewer', name: 'mara@agency.example' };
const night = { from: '22:00', to: '07:00' };
let db: TestDatabase;
let house: MembersHouse;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  house = membersHouse(db.database);
  await house.empty();
  for (const email of [mara.name, 'jon@agency.example'])
    await addMember(house, operator, { email, role: 'viewer', password });
});

const stored = () =>
  db.database.sql<Record<string, string | null>>`
    select email, timezone, quiet_from::text as "from", quiet_to::text as "to" from members order by email desc`;
const audited = () =>
  db.database.sql`select actor, action, detail from audit_log where action = 'member.hours_set' order by id`;
const untouched = { timezone: 'UTC', from: null, to: null };

test('a viewer sets his own hours, and nobody else’s; the log tells from what to what', async () => {
  const wish = { timezone: 'Asia/Kathmandu', quiet: night };
  expect(await setOwnHours(house, mara, wish)).toEqual({ isDone: true, value: wish });
  expect(await stored()).toEqual([
    { email: mara.name, timezone: 'Asia/Kathmandu', from: '22:00:00', to: '07:00:00' },
    { email: 'jon@agency.example', ...untouched },
  ]);
  expect(await audited()).toEqual([
    {
      actor: mara.name,
      action: 'member.hours_set',
      detail: { email: mara.name, from: { timezone: 'UTC', quiet: null }, to: wish },
    },
  ]);
});

test('what is not given stays, and null ends the quiet hours', async () => {
  await setOwnHours(house, mara, { timezone: 'Europe/Berlin', quiet: night });
  await setOwnHours(house, mara, { timezone: 'Europe/Paris' });
  expect((await stored())[0]).toMatchObject({ timezone: 'Europe/Paris', from: '22:00:00' });
  await setOwnHours(house, mara, { quiet: null });
  expect((await stored())[0]).toMatchObject({ timezone: 'Europe/Paris', from: null, to: null });
});

test('what waits for the old end of the night waits for the new one, and for nothing once there is none', async () => {
  const { sql } = db.database;
  const member = await memberId(mara.name);
  const [alert] = await sql<{ id: number }>`
    insert into alerts (key, kind, severity, title, body, opened_at) values ('k', 'funds_low', 'warning', 't', 'b', now()) returning id`;
  const [channel] = await sql<{ id: number }>`
    insert into channels (kind, name, member_id) values ('web_push', 'phone', ${member}) returning id`;
  await sql`
    insert into deliveries (alert_id, channel_id, state, due_at, created_at, purpose)
    values (${alert?.id ?? 0}, ${channel?.id ?? 0}, 'held', 'infinity', now(), 'opened')`;
  const dueAt = async () => (await sql<{ at: number }>`select due_at as at from deliveries`)[0]?.at;
  const now = await house.clock.now();
  const clockTime = (ms: number) => new Date(ms).toISOString().slice(11, 16);
  const hour = 3_600_000;
  await setOwnHours(house, mara, {
    timezone: 'UTC',
    quiet: { from: clockTime(now - hour), to: clockTime(now + hour) },
  });
  expect((await dueAt())! - now).toBeGreaterThan(hour - 60_000);
  expect((await dueAt())! - now).toBeLessThanOrEqual(hour);
  await setOwnHours(house, mara, { quiet: null });
  expect(await dueAt()).toBe(now);
  await sql`truncate deliveries, channels, alerts cascade`;
});

async function memberId(email: string): Promise<string> {
  const [row] = await db.database.sql<{ id: string }>`select id from members where email = ${email}`;
  return row?.id ?? '';
}

test.each<[string, HoursWish, RegExp]>([
  ['no zone', { timezone: 'Berlin' }, /no time zone/],
  ['an empty zone', { timezone: '' }, /no time zone/],
  ['an offset', { timezone: '+02:00' }, /no time zone/],
  ['a beginning only', { quiet: { from: '22:00', to: '' } }, /both/],
  ['an end only', { quiet: { from: '', to: '07:00' } }, /both/],
  ['24:00', { quiet: { from: '24:00', to: '07:00' } }, /times of day/],
  ['words', { quiet: { from: '22:00', to: 'seven' } }, /times of day/],
  ['a single digit', { quiet: { from: '22:00', to: '7:00' } }, /times of day/],
  ['the same time twice', { quiet: { from: '22:00', to: '22:00' } }, /different times/],
])('%s is refused and changes nothing', async (_words, wish, problem) => {
  expect(await setOwnHours(house, mara, wish)).toEqual({
    isDone: false,
    problem: expect.stringMatching(problem),
  });
  expect((await stored())[0]).toEqual({ email: mara.name, ...untouched });
  expect(await audited()).toEqual([]);
});

test('a program, and a member who was shut out, have no hours', async () => {
  await disableMember(house, operator, { email: mara.name });
  for (const actor of [mara, { role: 'viewer', name: 'api-key:environment' } as const])
    expect(await setOwnHours(house, actor, { quiet: night })).toMatchObject({ isDone: false });
  expect((await stored())[0]).toEqual({ email: mara.name, ...untouched });
});

test('those of others are for an admin', async () => {
  for (const role of ['viewer', 'analyst'] as const)
    await expect(
      setHoursOf(house, { ...mara, role }, 'jon@agency.example', { quiet: night }),
    ).rejects.toMatchObject({ refusal: 'forbidden' });
  expect(await setHoursOf(house, operator, ' Jon@Agency.example', { quiet: night })).toMatchObject({
    isDone: true,
  });
  expect((await stored())[1]).toMatchObject({ from: '22:00:00', to: '07:00:00' });
  expect(await setHoursOf(house, operator, 'x@agency.example', { quiet: night })).toEqual({
    isDone: false,
    problem: 'There is no member x@agency.example.',
  });
});
