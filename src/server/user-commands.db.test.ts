import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../tests/database.ts';
import { silentLog } from '../../tests/flow-house.ts';
import { commands } from './commands.ts';
import { parseConfig } from './config.ts';
import { buildHouse, type Deps } from './house.ts';

let store: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  store = await testDatabase();
  deps = buildHouse(parseConfig({}, false), store.database, silentLog, null);
  await store.database.sql`insert into members (email, role) values ('mara@agency.example', 'viewer')`;
});
afterAll(() => store.drop());

const set = (options: Record<string, string>) =>
  commands['user set']!.run(deps, {
    words: [],
    options: { email: 'mara@agency.example', ...options },
    readInput: async () => '',
  });

test('a member’s zone and quiet hours are set, and ended', async () => {
  const email = 'mara@agency.example';
  expect(await set({ timezone: 'Europe/Berlin', quiet: '22:00-07:00' })).toEqual([
    { email, timezone: 'Europe/Berlin', quiet: '22:00-07:00' },
  ]);
  expect(await set({ quiet: 'none' })).toEqual([{ email, timezone: 'Europe/Berlin', quiet: 'none' }]);
});

test.each([
  [{}, /Say what to set/],
  [{ quiet: '22:00' }, /both a beginning and an end/],
  [{ quiet: '22:00-07:00-x' }, /times of day/],
  [{ quiet: '' }, /both a beginning and an end/],
  [{ timezone: 'Berlin' }, /no time zone/],
  [{ quiet: 'none', email: 'x@agency.example' }, /no member/],
])('%j is refused', async (options, problem) => {
  await expect(set(options)).rejects.toThrow(problem);
});
