import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../tests/database.ts';
import { s3Server } from '../../tests/s3-server.ts';
import { ManualClock } from '../../tests/manual-clock.ts';
import { addSnapshots, dayOfAge } from '../services/upkeep/archive.fixture.ts';
import { noon } from '../services/accounts/fleet.fixture.ts';
import { listDays } from '../store/archive.ts';
import { commands } from './commands.ts';
import { parseConfig } from './config.ts';
import { buildHouse, type Deps } from './house.ts';
import { buildKeeping, buildServerlessKeeping, nothingKept, type Keeping } from './keeping.ts';
import { keepArchive, startBackups } from './upkeep.ts';

let store: TestDatabase;
let dataDir: string;
const logged: [string, string, unknown][] = [];
const log = {
  info: () => {},
  warn: (event: string, fields: unknown) => void logged.push(['warn', event, fields]),
  error: (event: string, fields: unknown) => void logged.push(['error', event, fields]),
};
const old = dayOfAge(31);

beforeAll(async () => {
  store = await testDatabase();
  dataDir = await mkdtemp(path.join(tmpdir(), 'arbhub-keeping-'));
});
afterAll(async () => {
  await store.drop();
  await rm(dataDir, { recursive: true, force: true });
});

function house(env: Record<string, string>, keeping?: Keeping): Deps {
  const config = parseConfig(env, false);
  const place = {
    dataDir,
    database: store.target,
    migrations: path.resolve(import.meta.dirname, '../../supabase/migrations'),
  };
  const deps = buildHouse(config, store.database, log, null, {
    keeping: keeping ?? buildKeeping(config, place),
  });
  return { ...deps, clock: new ManualClock(noon) };
}

const tool = (deps: Deps, name: string, words: string[] = [], options = {}) =>
  commands[name]!.run(deps, { words, options, readInput: async () => '' });
const state = async () => (await listDays(store.database.sql, old))[0]?.state;

it('old days go into the data directory, and the tool lists, verifies and restores them', async () => {
  await addSnapshots(store.database.sql, old, 4);
  const deps = house({});
  await keepArchive(deps);
  expect(await state()).toBe('detached');
  const [listed] = (await tool(deps, 'archive list')) as { key: string }[];
  expect(listed).toMatchObject({ day: old, state: 'detached', rows: 4, problem: null });
  await access(path.join(dataDir, 'archive', listed!.key));
  expect(await tool(deps, 'archive verify')).toMatchObject([{ day: old, problem: null }]);
  expect(await tool(deps, 'archive restore', [old])).toEqual([
    { day: old, rows: 4, from: 'the detached table' },
  ]);
  await rm(path.join(dataDir, 'archive', listed!.key));
  await expect(tool(deps, 'archive verify', [old])).rejects.toThrow(`${old}: there is no copy`);
  await expect(tool(deps, 'archive restore', ['yesterday'])).rejects.toThrow('YYYY-MM-DD');
  await store.database.script(`drop table snapshots_${old.replaceAll('-', '')}; truncate archived_days`);
});

it('with a bucket they go there, from a serverless platform too', async () => {
  const s3 = await s3Server();
  try {
    const { url, accessKeyId, secretAccessKey } = s3.options;
    const env = {
      ARCHIVE_S3_URL: url,
      ARCHIVE_S3_ACCESS_KEY_ID: accessKeyId,
      ARCHIVE_S3_SECRET_ACCESS_KEY: secretAccessKey,
    };
    await addSnapshots(store.database.sql, old, 4);
    const deps = house(env, buildServerlessKeeping(parseConfig(env, false)));
    await keepArchive(deps);
    expect(await state()).toBe('detached');
    const [verified] = await tool(house(env), 'archive verify');
    expect(verified).toMatchObject({ problem: null });
    expect(await tool(house(env), 'backup')).toMatchObject([{ isProven: true }]);
    expect(await tool(house(env), 'backup list')).toMatchObject([{ name: 'arbhub-20261124T120000Z.sql.gz' }]);
    await expect(tool(deps, 'backup')).rejects.toThrow('no place for backups');
    await expect(
      tool(house(env), 'restore', ['arbhub-20261124T120000Z.sql.gz'], { 'into-empty': true }),
    ).rejects.toThrow('not empty');
  } finally {
    await s3.close();
  }
  await store.database.script(`drop table detached_${old.replaceAll('-', '')}; truncate archived_days`);
});

it('without a place nothing is archived, and the tool says why', async () => {
  await addSnapshots(store.database.sql, old, 4);
  const deps = house({}, buildServerlessKeeping(parseConfig({}, false)));
  await keepArchive(deps);
  expect(await state()).toBe('due');
  await expect(tool(deps, 'archive run')).rejects.toThrow('There is no archive');
});

it('a failure is logged and does not spoil the daily run', async () => {
  logged.length = 0;
  const deps = house({});
  await keepArchive({
    ...deps,
    clock: { ...deps.clock, now: () => Promise.reject(new Error('database away')) },
  });
  expect(logged).toEqual([['error', 'archiving broken off', { error: 'Error: database away' }]]);
  const stopped = AbortSignal.abort(new Error('stopping'));
  await keepArchive({ ...deps, stopSignal: stopped });
  expect(logged).toHaveLength(1);
});

it('only the embedded database is backed up by the hour', () => {
  const { signal } = new AbortController();
  expect(startBackups(house({}), signal)).not.toBeNull();
  expect(startBackups(house({ DATABASE_URL: store.url }), signal)).toBeNull();
  expect(startBackups(house({}, nothingKept), signal)).toBeNull();
});
