import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { s3Server } from '../../../tests/s3-server.ts';
import { diskArchive } from '../../adapters/archive/disk.ts';
import { s3Archive } from '../../adapters/archive/s3.ts';
import { databaseDumps } from '../../adapters/database/dumps.ts';
import type { Shelf } from '../../ports/archive.ts';
import { manualClock } from '../accounts/fleet.fixture.ts';
import { flipped } from './archive.fixture.ts';
import { backUp, hourlyBackup, type BackUpDeps } from './back-up.ts';
import { instantOf, listNoted } from './backup-shelf.ts';

const migrations = fileURLToPath(new URL('../../../supabase/migrations', import.meta.url));
const hourMs = 3_600_000;
let store: TestDatabase;
let folder: string;
let clock: ReturnType<typeof manualClock>;
let deps: BackUpDeps;
let rehearsals: number;

beforeAll(async () => {
  store = await testDatabase();
  await store.database.script(
    `insert into vendors (name) select 'vendor ' || n from generate_series(1, 500) n`,
  );
});
afterAll(() => store.drop());
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'arbhub-backups-'));
  clock = manualClock();
  rehearsals = 0;
  const dumps = databaseDumps(store.target, migrations);
  deps = {
    dumps: {
      ...dumps,
      rehearse(open, signal) {
        rehearsals += 1;
        return dumps.rehearse(open, signal);
      },
    },
    shelf: diskArchive(folder),
    clock,
    log: { info: () => {}, warn: () => {}, error: () => {} },
    signal: new AbortController().signal,
  };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const noted = () => listNoted(deps.shelf, deps.signal);
/** Backs up once an hour. */
async function hours(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await backUp(deps);
    clock.at += hourMs;
  }
}

describe('a backup', () => {
  it('lies on the shelf with a note of what it holds, and the first is proven', async () => {
    const report = await backUp(deps);
    expect(report).toMatchObject({ name: 'arbhub-20261124T120000Z.sql.gz', isProven: true, removed: [] });
    expect(report.rows).toBeGreaterThanOrEqual(500);
    const [backup] = await noted();
    expect(backup).toMatchObject({ name: report.name, takenAt: clock.at, provenAt: clock.at });
    expect(backup!.note).toMatchObject({
      bytes: report.bytes,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    expect(backup!.note!.manifest.tables.find(({ name }) => name === 'vendors')!.rows).toBe(500);
    expect(instantOf(report.name)).toBe(clock.at);
  });

  it('is proven each tenth time, 48 are kept, and the newest proven one', { timeout: 120_000 }, async () => {
    await hours(11);
    expect(rehearsals).toBe(2);
    expect((await noted()).map(({ provenAt }) => provenAt !== null)).toEqual([
      true,
      ...Array(9).fill(false),
      true,
    ]);
    // The rest of two days, by copies of the last: the dumps themselves are not what is counted here.
    const last = (await noted()).at(-1)!;
    const data = await readFile(path.join(folder, last.name));
    const note = (await readFile(path.join(folder, last.name.replace('.sql.gz', '.json')), 'utf8')).replace(
      /"provenAt": \d+/,
      '"provenAt": null',
    );
    for (let n = 0; n < 38; n += 1) {
      const stamp = new Date(clock.at).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
      await writeFile(path.join(folder, `arbhub-${stamp}.sql.gz`), data);
      await writeFile(path.join(folder, `arbhub-${stamp}.json`), note);
      clock.at += hourMs;
    }
    expect(await noted()).toHaveLength(49);
    const { removed, isProven } = await backUp(deps);
    expect(isProven).toBe(true);
    expect(removed).toEqual(['arbhub-20261124T130000Z.sql.gz', 'arbhub-20261124T120000Z.sql.gz']);
    expect(await noted()).toHaveLength(48);
    expect((await deps.shelf.list(deps.signal)).length).toBe(96);
  });

  it('leaves others alone, and takes away what a killed one left behind a day ago', async () => {
    for (const name of [
      'arbhub-20261122T000000Z.sql.gz',
      'arbhub-20261124T110000Z.sql.gz',
      'mine.txt',
      'arbhub-x.sql.gz',
    ])
      await writeFile(path.join(folder, name), 'x');
    expect((await backUp(deps)).removed).toEqual(['arbhub-20261122T000000Z.sql.gz']);
    const left = (await deps.shelf.list(deps.signal)).map(({ key }) => key);
    expect(left).toEqual(
      expect.arrayContaining(['arbhub-20261124T110000Z.sql.gz', 'mine.txt', 'arbhub-x.sql.gz']),
    );
  });

  it('works on S3 as on disk', async () => {
    const s3 = await s3Server();
    try {
      deps.shelf = s3Archive(s3.options);
      await backUp(deps);
      clock.at += hourMs;
      await backUp(deps);
      expect((await noted()).map(({ provenAt }) => provenAt !== null)).toEqual([true, false]);
      await databaseDumps(store.target, migrations).rehearse(
        async () => (await deps.shelf.get('arbhub-20261124T130000Z.sql.gz', deps.signal))!,
        deps.signal,
      );
    } finally {
      await s3.close();
    }
  });
});

describe('a backup fails, and no older one is removed, when', () => {
  const around = (change: Partial<Shelf>): Shelf => ({ ...deps.shelf, ...change });

  it('it cannot be written', async () => {
    deps.shelf = around({ put: async () => { throw new Error('disk full'); } }); // prettier-ignore
    await expect(backUp(deps)).rejects.toThrow('disk full');
    expect(await noted()).toEqual([]);
  });

  it('it is read back otherwise', async () => {
    const { get } = deps.shelf;
    deps.shelf = around({
      async get(key, signal) {
        const bytes = await get(key, signal);
        if (bytes === null || !key.endsWith('.gz')) return bytes;
        const chunks: Uint8Array[] = [];
        for await (const chunk of bytes) chunks.push(chunk);
        return (async function* () { yield flipped(Buffer.concat(chunks), 999); })(); // prettier-ignore
      },
    });
    await expect(backUp(deps)).rejects.toThrow('read back otherwise');
    expect(await deps.shelf.list(deps.signal)).toEqual([]);
  });

  it('it cannot be restored, or comes back as something else', async () => {
    const { rehearse } = deps.dumps;
    deps.dumps.rehearse = async () => { throw new Error('no space'); }; // prettier-ignore
    await expect(backUp(deps)).rejects.toThrow(
      'arbhub-20261124T120000Z.sql.gz could not be restored: no space',
    );
    clock.at += hourMs;
    deps.dumps.rehearse = async (open, signal) => ({ ...(await rehearse(open, signal)), migrations: [] });
    await expect(backUp(deps)).rejects.toThrow('it holds something else');
    expect((await noted()).map(({ provenAt }) => provenAt)).toEqual([null, null]);
    clock.at += hourMs;
    deps.dumps.rehearse = rehearse;
    expect(await backUp(deps)).toMatchObject({ isProven: true });
  });
});

describe('the hourly timer', () => {
  it('is quiet at the start, backs up when an hour has passed, and waits ten minutes after a failure', async () => {
    let monotonicMs = 0;
    deps.clock = { now: () => clock.now(), monotonicMs: () => monotonicMs };
    const tick = hourlyBackup(deps);
    const taken = async () => (await noted()).length;
    const pass = (ms: number) => { monotonicMs += ms; clock.at += ms; }; // prettier-ignore
    await tick();
    pass(119_999);
    await tick();
    expect(await taken()).toBe(0);
    pass(1);
    await tick();
    expect(await taken()).toBe(1);
    pass(hourMs - 1_000);
    await tick();
    expect(await taken()).toBe(1);
    pass(1_000);
    const { dump } = deps.dumps;
    deps.dumps.dump = async () => { throw new Error('database away'); }; // prettier-ignore
    await expect(tick()).rejects.toThrow('database away');
    deps.dumps.dump = dump;
    pass(599_999);
    await tick();
    expect(await taken()).toBe(1);
    pass(1);
    await tick();
    expect(await taken()).toBe(2);
  });
});
