import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { dice, isLong, type Dice } from '../../../tests/dice.ts';
import { s3Server } from '../../../tests/s3-server.ts';
import { diskArchive } from '../../adapters/archive/disk.ts';
import { s3Archive } from '../../adapters/archive/s3.ts';
import { graceMs } from '../../domain/keeping.ts';
import type { Archive } from '../../ports/archive.ts';
import type { Sql } from '../../ports/sql.ts';
import { attachedTable, detachedTable, listDays } from '../../store/archive.ts';
import type { ArchiveDeps, ArchiveMoment } from './archive-deps.ts';
import { archiveOldDays } from './archive-old-days.ts';
import {
  addSnapshots,
  archiveBench,
  dayOfAge,
  flipped,
  memoryArchive,
  slotOf,
  statement,
} from './archive.fixture.ts';
import { faultyArchive, gather, getFaults, putFaults } from './faulty-archive.fixture.ts';
import { restoreDay } from './restore-day.ts';

/**
 * Random lives of old days: uploads and read-backs that fail or lie, crashes at every moment, late writes, rivals, restores.
 * After each event every row that was ever written must be in a table or in the copy that the books name, read by other means
 * than the product's; at the end everything comes back from the archive. Repeat one with ARCHIVE_SEED=… ARCHIVE_RUNS=1.
 */

const runs = Number(process.env['ARCHIVE_RUNS'] ?? (isLong ? 1_000 : 400));
const firstSeed = Number(process.env['ARCHIVE_SEED'] ?? Math.floor(Math.random() * 1e9));
const worlds = 3;
const { signal } = new AbortController();
/** Where workers die, each as often as its number says: what comes up seldom more often when it does. */
const deaths: Record<ArchiveMoment, number> = {
  merge: 4,
  count: 3,
  copy: 2,
  send: 2,
  'read back': 4,
  manifest: 4,
  'note copied': 5,
  detach: 3,
  'within detach': 3,
  'after detach': 3,
  verify: 4,
  repair: 16,
  drop: 3,
  'within drop': 3,
  'after drop': 3,
  fill: 1,
  attach: 1,
};
const moments = Object.keys(deaths) as ArchiveMoment[];
const lastMoments: ArchiveMoment[] = ['verify', 'drop', 'within drop', 'after drop'];
const lots = moments.flatMap((moment) => Array.from({ length: deaths[moment] }, () => moment));

let stores: TestDatabase[];
let s3: Awaited<ReturnType<typeof s3Server>>;
let folder: string;
const tally = new Map<string, number>();
const count = (what: string, times = 1) => tally.set(what, (tally.get(what) ?? 0) + times);

beforeAll(async () => {
  stores = await Promise.all(Array.from({ length: worlds }, () => testDatabase()));
  s3 = await s3Server();
  folder = await mkdtemp(path.join(tmpdir(), 'arbhub-campaign-'));
});
afterAll(async () => {
  await Promise.all(stores.map((store) => store.drop()));
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

it(
  `${runs} lives of old days from seed ${firstSeed}: no row is gone without a verified copy`,
  { timeout: 300_000 },
  async () => {
    let next = 0;
    const live = async (store: TestDatabase): Promise<void> => {
      for (let n = next++; n < runs; n = next++) {
        const seed = firstSeed + n;
        await new Life(store, seed, storageOf(seed)).run().catch((error: unknown) => {
          throw new Error(`ARCHIVE_SEED=${seed} ARCHIVE_RUNS=1: ${String(error)}`, { cause: error });
        });
      }
    };
    await Promise.all(stores.map(live));
    console.info(`archive campaign, seed ${firstSeed}, ${runs} runs:`, Object.fromEntries([...tally].sort()));
    if (runs < 1_000) return;
    for (const moment of moments)
      expect([moment, tally.get(`crash before ${moment}`) ?? 0]).toEqual([
        moment,
        expect.toSatisfy((n: number) => n >= 12),
      ]);
    for (const fault of putFaults) expect(tally.get(`put ${fault}`)).toBeGreaterThan(40);
    for (const fault of getFaults) expect(tally.get(`get ${fault}`)).toBeGreaterThan(40);
    for (const what of [
      'answer of a commit lost',
      'copy rotted',
      'rivals',
      'restored',
      'late row',
      'late figure',
      'row in a day that left',
    ])
      expect([what, tally.get(what) ?? 0]).toEqual([what, expect.toSatisfy((n: number) => n >= 50)]);
  },
);

/** Most lives keep their copies in memory, some on a real disk, some behind real S3. */
function storageOf(seed: number): { archive: Archive; rot: (key: string, random: Dice) => Promise<void> } {
  if (seed % 20 === 3 || seed % 50 === 7) {
    const archive =
      seed % 20 === 3
        ? diskArchive(path.join(folder, String(seed)))
        : s3Archive({ ...s3.options, url: `${s3.options.url}/${seed}` });
    count(seed % 20 === 3 ? 'lives on disk' : 'lives on S3');
    return {
      archive,
      async rot(key, random) {
        const bytes = await gather((await archive.get(key, signal))!);
        const bad = flipped(bytes, random.below(bytes.length * 8));
        await archive.put(key, (async function* () { yield bad; })(), signal); // prettier-ignore
      },
    };
  }
  const archive = memoryArchive();
  return {
    archive,
    async rot(key, random) {
      const bytes = archive.objects.get(key);
      if (bytes) archive.objects.set(key, flipped(bytes, random.below(bytes.length * 8)));
    },
  };
}

class Crash extends Error {}

class Life {
  readonly random: Dice;
  readonly sql: Sql;
  readonly bench: ReturnType<typeof archiveBench>;
  /** Day -> slot and account -> the row as it was last written. */
  readonly truth = new Map<string, Map<string, string>>();
  faultShare = 0;
  account = 1_000;

  constructor(
    readonly store: TestDatabase,
    seed: number,
    readonly storage: ReturnType<typeof storageOf>,
  ) {
    this.random = dice(seed);
    this.sql = store.database.sql;
    this.bench = archiveBench(store.database);
  }

  async run(): Promise<void> {
    const { random } = this;
    try {
      for (const age of random.roll() < 0.3 ? [31, 34] : [31]) await this.begin(dayOfAge(age));
      const events = 3 + random.below(5);
      for (let n = 0; n < events; n += 1) {
        this.faultShare = random.roll() < 0.4 ? 0 : random.roll() * 0.5;
        await this.event();
        await this.check();
      }
      await this.end();
    } finally {
      await this.clear();
    }
  }

  async begin(day: string): Promise<void> {
    await addSnapshots(this.sql, day, 1 + this.random.below(9));
    this.truth.set(day, await this.readTable(attachedTable(day)));
  }

  /** A worker with a crash in store now and then; after it the worker is dead and can write nothing any more. */
  worker(mayWrite: boolean, from: readonly ArchiveMoment[] = lots): ArchiveDeps {
    const { random, bench, store } = this;
    let isDead = false;
    const alive = (): void => {
      if (isDead) throw new Crash('dead');
    };
    const die = (what: string): never => {
      count(what);
      isDead = true;
      throw new Crash(what);
    };
    const crashAt = random.roll() < 0.75 ? random.pick(from) : null;
    const losesCommit = random.roll() < 0.08;
    return {
      ...bench.deps,
      archive: faultyArchive(
        this.storage.archive,
        random,
        () => this.faultShare,
        (fault) => count(fault),
      ),
      database: {
        sql: (...statement) => {
          alive();
          return store.database.sql(...statement);
        },
        async transaction(work) {
          alive();
          const outcome = await store.database.transaction(work);
          if (losesCommit) die('answer of a commit lost');
          return outcome;
        },
      },
      onMoment: async (moment, day) => {
        alive();
        if (moment === crashAt) die(`crash before ${moment}`);
        // While the table is held a writer would wait for us and we for him.
        if (mayWrite && random.roll() < 0.04 && !/within|after/.test(moment)) await this.write(day);
      },
    };
  }

  async event(): Promise<void> {
    const { random, bench } = this;
    const day = random.pick([...this.truth.keys()]);
    const kind = random.roll();
    if (kind < 0.5) await this.archive(1);
    else if (kind < 0.56) await this.archive(2 + random.below(2));
    else if (kind < 0.7) await this.write(day);
    else if (kind < 0.76) await this.rot(day);
    else if (kind < 0.86) {
      const outcome = await restoreDay(this.worker(false, ['fill', 'attach']), day).catch(ignoreCrash);
      if (outcome?.isDone) count('restored');
    } else bench.clock.at += graceMs * random.roll();
    bench.clock.at += random.pick([60_000, 20 * 60_000, 86_400_000, graceMs]);
  }

  async archive(workers: number): Promise<void> {
    if (workers > 1) count('rivals');
    const work = Array.from({ length: workers }, () =>
      archiveOldDays(this.worker(workers === 1)).catch(ignoreCrash),
    );
    for (const report of await Promise.all(work)) {
      count('day detached', report?.detached.length);
      count('day dropped', report?.dropped.length);
      count('day with a problem', report?.failed.length);
    }
  }

  /** A late row, a late figure in a row that is there, or a row for a day that has left. */
  async write(day: string): Promise<void> {
    const { random, sql } = this;
    const rows = this.truth.get(day)!;
    const [found] = await listDays(sql, day);
    if (found?.isAttached !== true) {
      if (random.roll() < 0.5) return;
      count('row in a day that left');
    }
    const isNew = found?.isAttached !== true || random.roll() < 0.6;
    const key = isNew ? `${slotOf(day)},${(this.account += 1)}` : random.pick([...rows.keys()]);
    count(isNew ? 'late row' : 'late figure');
    const [slot, account] = key.split(',').map(Number);
    await sql`select ensure_snapshot_partitions(${day}::date, 1)`;
    const clicks = random.below(1e6);
    await sql`insert into snapshots (slot, account_no, clicks) values (${slot!}, ${account!}, ${clicks})
      on conflict (account_no, slot) do update set clicks = excluded.clicks`;
    rows.set(key, (await this.readTable(attachedTable(day))).get(key)!);
  }

  /** The copy goes bad while the rows are still here; afterwards nobody could help. */
  async rot(day: string): Promise<void> {
    const [found] = await listDays(this.sql, day);
    if (found?.copy?.object == null || found.state === 'dropped' || !(found.isAttached || found.isDetached))
      return;
    if (found.state === 'detached' && !found.isDetached) return;
    count('copy rotted');
    await this.storage.rot(found.copy.object.key, this.random);
  }

  async check(): Promise<void> {
    for (const [day, rows] of this.truth) {
      const here = [await this.readTable(attachedTable(day)), await this.readTable(detachedTable(day))];
      const copy = await this.readBookedCopy(day);
      for (const [key, row] of rows) {
        if (here.some((table) => table.get(key) === row) || copy.get(key) === row) continue;
        throw new Error(`the row ${row} of ${day} is gone`);
      }
    }
  }

  /** The storage is well again: every day ends in the archive, and comes back whole. */
  async end(): Promise<void> {
    const { random } = this;
    this.faultShare = 0;
    for (const [day, rows] of this.truth) {
      await this.comeToRest(day);
      if (random.roll() < 0.15) {
        await this.write(day);
        await archiveOldDays(this.worker(false, ['merge'])).catch(ignoreCrash);
        await this.check();
        await this.comeToRest(day);
      }
      if (random.roll() < 0.2)
        await restoreDay(this.worker(false, ['fill', 'attach']), day).catch(ignoreCrash);
      this.bench.clock.at += graceMs;
      const outcome = await restoreDay({ ...this.bench.deps, archive: this.storage.archive }, day);
      expect(outcome).toMatchObject({ isDone: true, rows: rows.size });
      expect([...(await this.readTable(attachedTable(day)))].sort()).toEqual([...rows].sort());
    }
  }

  async comeToRest(day: string): Promise<void> {
    for (let tries = 0; tries < 12; tries += 1) {
      const [found] = await listDays(this.sql, day);
      if (found?.state === 'dropped' && !found.isAttached && !found.isDetached) return;
      const dies = tries < 4 && this.random.roll() < 0.25;
      if (dies) await archiveOldDays(this.worker(false, lastMoments)).catch(ignoreCrash);
      else await archiveOldDays({ ...this.bench.deps, archive: this.storage.archive });
      this.bench.clock.at += graceMs;
    }
    throw new Error(`${day} does not come to rest: ${JSON.stringify(await listDays(this.sql, day))}`);
  }

  async readTable(table: string): Promise<Map<string, string>> {
    const [found] = await this
      .sql`select 1 as found where to_regclass(${`public.${table}`}::text) is not null`;
    if (!found) return new Map();
    const rows = await statement<{ row: string }>(this.sql, `select t::text as row from public.${table} t`);
    return new Map(rows.map(({ row }) => [row.slice(1).split(',').slice(0, 2).join(), row.slice(1, -1)]));
  }

  async readBookedCopy(day: string): Promise<Map<string, string>> {
    const [book] = await this.sql<{ key: string | null; sha256: string; text_sha256: string; rows: number }>`
      select object_key as key, object_sha256 as sha256, sha256 as text_sha256, row_count as rows
      from archived_days where day = ${day}::date`;
    const stream = book?.key == null ? null : await this.storage.archive.get(book.key, signal);
    if (!book || stream === null) return new Map();
    const bytes = await gather(stream);
    const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
    if (digest(bytes) !== book.sha256) return new Map();
    const text = gunzipSync(bytes);
    const lines = text.toString().split('\n').slice(1, -1);
    if (digest(text) !== book.text_sha256 || lines.length !== book.rows) return new Map();
    return new Map(lines.map((line) => [line.split(',').slice(0, 2).join(), line]));
  }

  async clear(): Promise<void> {
    for (const day of this.truth.keys())
      await this.store.database.script(
        `drop table if exists ${attachedTable(day)}; drop table if exists ${detachedTable(day)}`,
      );
    await this.store.database.script('truncate archived_days');
  }
}

function ignoreCrash(error: unknown): undefined {
  if (error instanceof Crash) return undefined;
  throw error;
}
