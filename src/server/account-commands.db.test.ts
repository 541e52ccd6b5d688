import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../tests/database.ts';
import { silentLog } from '../../tests/flow-house.ts';
import { ManualClock } from '../../tests/manual-clock.ts';
import { addAccount, noon } from '../services/accounts/fleet.fixture.ts';
import { commands } from './commands.ts';
import { parseConfig } from './config.ts';
import { buildHouse, type Deps } from './house.ts';

let store: TestDatabase;
let deps: Deps;

beforeAll(async () => {
  store = await testDatabase();
  const house = buildHouse(parseConfig({}, false), store.database, silentLog, null);
  deps = { ...house, clock: new ManualClock(noon) };
  await addAccount(store.database.sql, { id: 'act_1' });
});
afterAll(() => store.drop());

const set = (options: Record<string, string>) =>
  commands['account set']!.run(deps, { words: ['act_1'], options, readInput: async () => '' });
const tags = () => store.database.sql`select tag from account_tags order by tag`;

test('tags are set from the command line, and taken away by an empty list', async () => {
  expect(await set({ tags: 'US,finance' })).toEqual([{ accountId: 'act_1', tags: 'US,finance' }]);
  expect(await tags()).toEqual([{ tag: 'finance' }, { tag: 'us' }]);
  await set({ tags: '' });
  expect(await tags()).toEqual([]);
});

test('a wrong tag and an empty wish are refused with a reason', async () => {
  await expect(set({ tags: '<b>' })).rejects.toThrow(/30 letters/);
  await expect(set({})).rejects.toThrow(/--vendor, --daily-limit or --tags/);
});

test('a vendor that nobody knows leaves the tags as they were', async () => {
  await set({ tags: 'us' });
  await expect(set({ tags: 'eu', vendor: 'Nobody' })).rejects.toThrow(/no vendor "Nobody"/);
  expect(await tags()).toEqual([{ tag: 'us' }]);
});
