import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../tests/database.ts';
import { silentLog } from '../../tests/flow-house.ts';
import { membersHouse, password } from '../../tests/members-house.ts';
import { actorOfBearer } from '../services/members/find-actor.ts';
import { signInWithPassword } from '../services/members/sign-in.ts';
import { commands } from './commands.ts';
import { parseConfig } from './config.ts';
import { buildHouse, type Deps } from './house.ts';

const email = 'mara@agency.example';
let store: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  store = await testDatabase();
  // bcrypt as cheap as it gets.
  const { signIn } = membersHouse(store.database);
  deps = { ...buildHouse(parseConfig({}, false), store.database, silentLog, null), signIn };
});
afterAll(() => store.drop());

const run = (name: string, options: Record<string, string>, input = '') =>
  commands[name]!.run(deps, { words: [], options, readInput: async () => input });
const enters = async (word: string) =>
  (await signInWithPassword(deps, { email, password: word, address: '192.0.2.1' })).outcome === 'in';
const users = () => run('user list', {});

describe('a member', () => {
  test('is added with the password of the standard input, without its line end', async () => {
    expect(await run('user add', { email, role: 'viewer' }, `${password}\n`)).toEqual([
      { email, role: 'viewer' },
    ]);
    expect(await users()).toEqual([{ email, role: 'viewer', isDisabled: false }]);
    expect(await enters(password)).toBe(true);
  });

  test('gets another password, and the old one is worth nothing', async () => {
    const next = `${password} more`;
    await run('user password', { email }, `${next}\r\n`);
    expect(await enters(password)).toBe(false);
    expect(await enters(next)).toBe(true);
    await run('user password', { email }, password);
    await expect(run('user password', { email }, 'short')).rejects.toThrow(/at least 12/);
  });

  test('gets another role, is shut out, and let in again as he was', async () => {
    await run('user role', { email, role: 'analyst' });
    await run('user disable', { email });
    expect(await users()).toEqual([{ email, role: 'analyst', isDisabled: true }]);
    expect(await enters(password)).toBe(false);
    await run('user enable', { email });
    expect(await users()).toEqual([{ email, role: 'analyst', isDisabled: false }]);
    expect(await enters(password)).toBe(true);
  });

  test.each(['user role', 'user password', 'user disable', 'user enable'])(
    'who does not exist: %s says so',
    async (name) => {
      const nobody = { email: 'nobody@agency.example', role: 'admin' };
      await expect(run(name, nobody, password)).rejects.toThrow(/no member nobody/);
    },
  );

  test('a zone and quiet hours are set, and ended', async () => {
    expect(await run('user set', { email, timezone: 'Europe/Berlin', quiet: '22:00-07:00' })).toEqual([
      { email, timezone: 'Europe/Berlin', quiet: '22:00-07:00' },
    ]);
    expect(await run('user set', { email, quiet: 'none' })).toEqual([
      { email, timezone: 'Europe/Berlin', quiet: 'none' },
    ]);
  });

  test.each([
    [{}, /Say what to set/],
    [{ quiet: '22:00' }, /both a beginning and an end/],
    [{ quiet: '22:00-07:00-x' }, /times of day/],
    [{ quiet: '' }, /both a beginning and an end/],
    [{ timezone: 'Berlin' }, /no time zone/],
    [{ quiet: 'none', email: 'x@agency.example' }, /no member/],
  ])('%j is refused', async (options, problem) => {
    await expect(run('user set', { email, ...options })).rejects.toThrow(problem);
  });
});

test('a key is made, listed without itself, and revoked by its name or its number', async () => {
  const made = async (name: string) =>
    ((await run('apikey add', { role: 'viewer', name })) as { key: string }[])[0]!.key;
  const works = async (key: string) => (await actorOfBearer(deps, `Bearer ${key}`)) !== null;
  const [one, two] = [await made('one'), await made('two')];
  const rows = (await run('apikey list', {})) as { id: number; name: string }[];
  expect(rows.map(({ name }) => name)).toEqual(['one', 'two']);
  expect(JSON.stringify(rows)).not.toContain(one);
  expect(await run('apikey revoke', { name: 'one' })).toEqual([{ name: 'one' }]);
  expect([await works(one), await works(two)]).toEqual([false, true]);
  expect(await run('apikey revoke', { id: String(rows[1]!.id) })).toEqual([{ name: 'two' }]);
  expect(await works(two)).toBe(false);
  await expect(run('apikey revoke', { id: 'two' })).rejects.toThrow(/number/);
  await expect(run('apikey revoke', { name: 'two' })).rejects.toThrow(/no key/);
});

test('somebody is invited: without a mail server the link is told', async () => {
  const given = { email: 'new@agency.example', role: 'analyst' };
  expect(await run('user invite', given)).toEqual([
    {
      ...given,
      link: expect.stringMatching(/^http:\/\/localhost:3000\/invite\/[\w-]{43}$/),
      problem: 'There is no mail server.',
      sent: 'no',
    },
  ]);
  await expect(run('user invite', { ...given, email })).rejects.toThrow(/member already/);
});

test('a second step is taken away', async () => {
  const [member] = await store.database.sql<{ id: string }>`select id from members where email = ${email}`;
  await store.database.sql`
    insert into second_steps (member_id, sealed, created_at, confirmed_at) values (${member!.id}, '\\x00', now(), now())`;
  expect(await enters(password)).toBe(false);
  await run('user reset-totp', { email });
  expect(await enters(password)).toBe(true);
});

test('every command that docs/people.md shows exists, with the options that it shows', () => {
  const text = readFileSync(path.resolve(import.meta.dirname, '../../docs/people.md'), 'utf8');
  const shown = [...text.matchAll(/^npm run arbhub -- (\w+ [\w-]+)(.*)$/gm)];
  expect(shown.length).toBeGreaterThan(10);
  for (const [line, name = '', rest = ''] of shown) {
    const usage = commands[name]?.usage ?? 'none';
    for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(usage, line).toContain(option);
  }
});
