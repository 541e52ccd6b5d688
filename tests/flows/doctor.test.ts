import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '../../src/server/config.ts';
import { buildHouse } from '../../src/server/house.ts';
import { addConnection } from '../../src/services/connections/add-connection.ts';
import { addMember } from '../../src/services/members/add-member.ts';
import { templateName } from '../database-server.ts';
import { testDatabase, type TestDatabase } from '../database.ts';
import { silentLog } from '../flow-house.ts';
import { operator } from '../graph-house.ts';
import { runArbhub } from './arbhub-process.ts';

/** `arbhub doctor` as an operator runs it, on installations that are ill in different ways. */

let folder: string;
let db: TestDatabase;
const key = Buffer.alloc(32, 7).toString('base64');

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'arbhub-doctor-'));
  db = await testDatabase(templateName);
});
afterAll(async () => {
  await db?.drop();
  await rm(folder, { recursive: true, force: true });
});

interface Finding {
  level: string;
  what: string;
}

async function examine(env: Record<string, string>) {
  const { code, output } = await runArbhub(['doctor', '--json'], {
    env: {
      ARBHUB_DATA_DIR: folder,
      APP_URL: 'http://127.0.0.1:9',
      META_GRAPH_URL: 'http://127.0.0.1:9',
      ...env,
    },
  });
  const [json = '[]'] = output.split('\n');
  return {
    code,
    output,
    what: (JSON.parse(json) as Finding[]).map(({ level, what }) => `${level}: ${what}`),
  };
}

test('wrong settings, by name and without their values', async () => {
  const { code, what, output } = await examine({ CRON_SECRET: 'too-short', PORT: 'x' });
  expect([code, what]).toEqual([
    1,
    [
      'error: wrong setting: PORT must be a port number',
      'error: wrong setting: CRON_SECRET must have at least 32 characters',
    ],
  ]);
  expect(output).not.toContain('too-short');
});

test('a folder that nothing was started in stays as it is', async () => {
  const { code, what } = await examine({});
  expect([code, what]).toEqual([1, ['error: nothing was ever started in this data directory']]);
  expect(await readdir(folder)).toEqual([]);
});

test('a database that does not answer, without its password', async () => {
  const { code, what, output } = await examine({
    DATABASE_URL: 'postgres://arbhub:hidden-word@127.0.0.1:9/arbhub',
  });
  expect([code, what]).toEqual([
    1,
    [expect.stringMatching(/^error: the database does not answer: /) as string],
  ]);
  expect(output).not.toContain('hidden-word');
});

test('a database without the tables, which the doctor does not make', async () => {
  const empty = await testDatabase('template0');
  try {
    const { code, what } = await examine({ DATABASE_URL: empty.url });
    expect([code, what]).toEqual([
      1,
      [expect.stringMatching(/^error: the database lacks migrations: 20261122000000/) as string],
    ]);
    expect(await empty.database.sql`select 1 where to_regclass('public.accounts') is not null`).toEqual([]);
  } finally {
    await empty.drop();
  }
});

test('a database of a newer release', async () => {
  await db.database
    .sql`insert into supabase_migrations.schema_migrations (version) values ('20991231000000')`;
  expect((await examine({ DATABASE_URL: db.url })).what).toEqual([
    'error: the database was used by a newer ArbHub (20991231000000)',
  ]);
  await db.database.sql`delete from supabase_migrations.schema_migrations where version = '20991231000000'`;
});

test('a database where nothing runs, sealed with another key; it is left as it was', async () => {
  const config = parseConfig(
    { ENCRYPTION_KEY: Buffer.alloc(32, 8).toString('base64'), META_GRAPH_URL: 'http://127.0.0.1:9' },
    false,
  );
  const deps = buildHouse(config, db.database, silentLog, null, { sleep: async () => {} });
  const added = await addConnection(
    deps,
    operator,
    { name: 'First', token: 'doctor-token', businessIds: [] },
    new AbortController().signal,
  );
  expect(added.isDone).toBe(true);
  // Whoever wanted to write would fail.
  const name = db.target.database;
  await db.database.script(`alter database ${name} set default_transaction_read_only = on`);
  const { code, what, output } = await examine({ DATABASE_URL: db.url, ENCRYPTION_KEY: key });
  expect(code).toBe(1);
  for (const line of [
    'error: no sweep of the accounts has ended yet',
    'error: no cycle of figures has ended yet',
    'error: there is no admin',
    'error: no channel gets critical alerts',
    'error: snapshots of today have no partition',
    'error: the token of connection 1 does not open with the keys at hand',
    'warning: META_APP_ID or META_APP_SECRET is not set',
    'warning: HEARTBEAT_URL is not set',
    'warning: no server answers at APP_URL',
    'note: CRON_SECRET is not set',
  ])
    expect(what).toContain(line);
  expect(output).not.toContain('doctor-token');
  await db.database.script(`alter database ${name} reset default_transaction_read_only`);
});

test('with what was missing put right, no error is left of it', async () => {
  const config = parseConfig({ ENCRYPTION_KEY: key }, false);
  const deps = buildHouse(config, db.database, silentLog, null);
  await addMember(deps, operator, {
    email: 'owner@example.com',
    role: 'admin',
    password: 'a board for tired people',
  });
  await db.database.script(`
    delete from connection_tokens;
    insert into channels (name, kind) values ('default', 'slack');
    insert into cycles (kind, slot, started_at, finished_at, report)
      select kind, 1, now(), now(), '{"attempted": 3, "succeeded": 3, "durationMs": 900}' from unnest(array['status', 'metrics', 'daily']) kind;
    select ensure_snapshot_partitions((now() at time zone 'UTC')::date, 5)`);
  const { code, what } = await examine({
    DATABASE_URL: db.url,
    ENCRYPTION_KEY: key,
    HEARTBEAT_URL: 'http://127.0.0.1:9',
    META_APP_ID: '1',
    META_APP_SECRET: 's',
  });
  expect(what.filter((line) => line.startsWith('error'))).toEqual([]);
  // A disk that is nearly full and the server that does not run are true of this place.
  expect(code).toBe(1);
  expect(what).toContain('warning: no server answers at APP_URL');
});
