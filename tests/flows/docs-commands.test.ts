import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addAccount } from '../../src/services/accounts/fleet.fixture.ts';
import { commands } from '../../src/server/commands.ts';
import { parseConfig } from '../../src/server/config.ts';
import { buildHouse, type Deps } from '../../src/server/house.ts';
import { buildKeeping } from '../../src/server/keeping.ts';
import { testDatabase, type TestDatabase } from '../database.ts';
import { tellArbhub } from '../docs-commands.ts';
import { silentLog } from '../flow-house.ts';

/** What README and docs tell an operator to run is run, in their order, on a database of its own. */

/** These ask Meta or a service, need what others have left, or are processes; other tests run them. */
const elsewhere: Record<string, string> = {
  'connection add': 'tests/flows/connections.test.ts',
  'connection test': 'tests/flows/connections.test.ts',
  'connection replace': 'tests/flows/connections.test.ts',
  'channel add': 'src/services/channels',
  'channel set': 'src/services/channels',
  'channel test': 'src/services/channels',
  'rotate-key': 'tests/flows/connections.test.ts',
  preflight: 'tests/flows/cut-over.test.ts',
  'simulation end': 'tests/flows/cut-over.test.ts',
  restore: 'tests/flows/backup-restore.test.ts',
  'account import': 'src/services/accounts/look-after-accounts.db.test.ts',
  'apikey add': 'src/services/members/api-keys.db.test.ts',
  'apikey revoke': 'src/server/member-commands.db.test.ts',
  ...Object.fromEntries(
    ['invite', 'role', 'password', 'disable', 'enable', 'reset-totp'].map((verb) => [
      `user ${verb}`,
      'src/server/member-commands.db.test.ts',
    ]),
  ),
  'user set': 'src/server/user-commands.db.test.ts',
  'archive restore': 'src/server/upkeep.db.test.ts',
  doctor: 'tests/flows/doctor.test.ts',
  export: 'src/services/accounts',
  worker: 'tests/flows/many-workers.test.ts',
};

let db: TestDatabase;
let folder: string;
let deps: Deps;

beforeAll(async () => {
  db = await testDatabase();
  folder = await mkdtemp(path.join(tmpdir(), 'arbhub-docs-'));
  const config = parseConfig(
    { ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'), EXCHANGE_RATES_URL: 'none' },
    false,
  );
  const migrations = path.resolve(import.meta.dirname, '../../supabase/migrations');
  const keeping = buildKeeping(config, { dataDir: folder, database: db.target, migrations });
  deps = buildHouse(config, db.database, silentLog, null, { keeping });
  await addAccount(db.database.sql, { id: 'act_1234567890' });
});
afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true, force: true });
});

const told = tellArbhub().filter(
  ({ name, text }) =>
    name !== null && !text.includes('…') && !(name in elsewhere) && !/user add\|/.test(text),
);
const once = [
  ...new Map(told.map((command) => [command.text.replace(/.*npm run/, 'npm run'), command])).values(),
];
// A vendor is there before his accounts are spoken of.
const ordered = once.toSorted(
  (one, other) => Number(other.name === 'vendor add') - Number(one.name === 'vendor add'),
);

test('there is something to run', () => {
  expect(ordered.length).toBeGreaterThan(15);
});

test.each(ordered.map((command) => ({ ...command, title: `${command.file}: ${command.text}` })))(
  '$title',
  async ({ name, words, options }) => {
    const rows = await commands[name!]!.run(deps, {
      words,
      options,
      readInput: async () => 'a board for tired people\n',
    });
    expect(Array.isArray(rows)).toBe(true);
  },
);
