import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { graceMs } from '../../domain/keeping.ts';
import { attachedTable, detachedTable, listDays } from '../../store/archive.ts';
import type { ArchiveMoment } from './archive-deps.ts';
import { archiveOldDays } from './archive-old-days.ts';
import {
  addSnapshots,
  archiveBench,
  dayOfAge,
  dropDays,
  flipped,
  rowsOf,
  slotOf,
  statement,
  type ArchiveBench,
} from './archive.fixture.ts';
import { restoreDay } from './restore-day.ts';
import { verifyDays } from './verify-days.ts';

let store: TestDatabase;
let bench: ArchiveBench;
const old = dayOfAge(31);

beforeAll(async () => {
  store = await testDatabase();
});
afterAll(() => store.drop());
beforeEach(() => {
  bench = archiveBench(store.database);
});
afterEach(() => dropDays(store.database));

const sql: TestDatabase['database']['sql'] = (...args) => store.database.sql(...args);
const run = () => archiveOldDays(bench.deps);
const attached = (day = old) => rowsOf(sql, attachedTable(day));
const detached = (day = old) => rowsOf(sql, detachedTable(day));
const book = async (day = old) => (await listDays(sql, day))[0];
const dataKey = () => [...bench.archive.objects.keys()].filter((key) => key.endsWith('.gz')).at(-1)!;

/** Does something once, just before the given moment. */
function once(moment: ArchiveMoment, work: () => void | Promise<void>): void {
  let isDone = false;
  bench.deps.onMoment = async (now) => {
    if (now !== moment || isDone) return;
    isDone = true;
    await work();
  };
}

describe('an old day', () => {
  it('leaves the table once its copy reads the same, and is dropped a week later', async () => {
    await addSnapshots(sql, old, 20);
    await addSnapshots(sql, dayOfAge(30), 5);
    const rows = await attached();

    expect(await run()).toEqual({ detached: [old], dropped: [], failed: [] });
    expect(await attached()).toBeNull();
    expect(await detached()).toEqual(rows);
    expect(await sql`select slot from snapshots where slot < ${slotOf(dayOfAge(30))}`).toEqual([]);
    expect(await attached(dayOfAge(30))).toHaveLength(5);
    expect(await book()).toMatchObject({ state: 'detached', problem: null, failures: 0, copy: { rows: 20 } });

    bench.clock.at += graceMs - 1;
    expect(await run()).toMatchObject({ dropped: [] });
    expect(await detached()).toEqual(rows);
    bench.clock.at += 1;
    expect(await run()).toMatchObject({ dropped: [old] });
    expect(await detached()).toBeNull();
    expect(await book()).toMatchObject({ state: 'dropped' });
    expect(await verifyDays(bench.deps, old)).toMatchObject([{ rows: 20, problem: null }]);
    expect(await run()).toMatchObject({ dropped: [], failed: [] });
  });

  it('is CSV with a header, NULL as nothing and numbers as they were written', async () => {
    await addSnapshots(sql, old, 3);
    await run();
    const slot = slotOf(old);
    expect(gunzipSync(bench.archive.objects.get(dataKey())!).toString()).toBe(
      [
        '"slot","account_no","amount_spent_minor","spend_minor","balance_due_minor","clicks","outbound_clicks","cpc"',
        `${slot},1,,,0,0,,0.00`,
        `${slot + 1},2,10000000000,-1,1,1,,`,
        `${slot + 2},3,20000000000,-2,,2,,2.20`,
        '',
      ].join('\n'),
    );
  });

  it('has a manifest beside its copy that says all that is needed to read it', async () => {
    await addSnapshots(sql, old, 3);
    await run();
    const copy = (await book())!.copy!;
    expect(dataKey()).toMatch(/^snapshots\/2026\/20261024-[0-9a-f]{12}-[0-9a-f]{8}\.csv\.gz$/);
    expect(JSON.parse(String(bench.archive.objects.get(dataKey().replace('.csv.gz', '.json'))))).toEqual({
      format: 1,
      table: 'snapshots',
      day: old,
      rows: 3,
      sha256: copy.sha256,
      columns: copy.columns,
      object: copy.object,
    });
    expect(copy.columns[0]).toEqual({ name: 'slot', type: 'integer' });
    expect(copy.columns.at(-1)).toEqual({ name: 'cpc', type: 'numeric' });
    expect(copy.object!.bytes).toBe(bench.archive.objects.get(dataKey())!.length);
  });

  it.each([0, 4_999, 5_000, 5_001, 10_000])('is whole with %s rows', async (count) => {
    await addSnapshots(sql, old, count);
    const rows = await attached();
    expect(await run()).toMatchObject({ detached: [old] });
    const text = gunzipSync(bench.archive.objects.get(dataKey())!).toString();
    expect(text.split('\n')).toHaveLength(count + 2);
    expect(await detached()).toEqual(rows);
    expect((await book())!.copy!.rows).toBe(count);
  });

  it('goes oldest first, and all that are old go', async () => {
    const days = [45, 33, 32, 31].map(dayOfAge);
    for (const day of [...days].reverse()) await addSnapshots(sql, day, 2);
    expect((await run()).detached).toEqual(days);
  });

  it('is closed to everybody else while it waits', async () => {
    await addSnapshots(sql, old, 1);
    await run();
    const [table] = await statement<object>(
      sql,
      `select relrowsecurity, relforcerowsecurity, has_table_privilege('pg_read_all_settings', oid, 'select') as others,
        (select count(*) from pg_policy where polrelid = pg_class.oid) as policies
       from pg_class where relname = '${detachedTable(old)}'`,
    );
    expect(table).toEqual({ relrowsecurity: true, relforcerowsecurity: true, others: false, policies: 1 });
  });
});

describe('a late write', () => {
  it.each<ArchiveMoment>(['copy', 'send', 'read back', 'manifest', 'note copied', 'detach'])(
    'before "%s" goes into the archive too',
    async (moment) => {
      await addSnapshots(sql, old, 5);
      once(moment, () => addSnapshots(sql, old, 1, 900));
      expect(await run()).toMatchObject({ detached: [old], failed: [] });
      expect(await detached()).toHaveLength(6);
      expect(await verifyDays(bench.deps, old)).toMatchObject([{ rows: 6, problem: null }]);
    },
  );

  it('of another figure in a row that is there is noticed as well', async () => {
    await addSnapshots(sql, old, 5);
    once('detach', async () => void (await sql`update snapshots set clicks = 77 where account_no = 3`));
    await run();
    const rows = await detached();
    bench.clock.at += graceMs;
    expect(await run()).toMatchObject({ dropped: [old] });
    expect(gunzipSync(bench.archive.objects.get(dataKey())!).toString()).toContain(',77,');
    expect(rows!.join()).toContain(',77,');
  });

  it('that never ends leaves the day where it is', async () => {
    await addSnapshots(sql, old, 5);
    let account = 900;
    bench.deps.onMoment = (moment) =>
      moment === 'detach' ? addSnapshots(sql, old, 1, (account += 1)) : undefined;
    expect(await run()).toMatchObject({ detached: [], failed: [old] });
    expect(await book()).toMatchObject({ problem: 'The day changes while it is archived.', failures: 1 });
    expect((await attached())!.length).toBeGreaterThan(5);
  });

  it.each<[ArchiveMoment, string, number]>([
    ['within detach', 'written', 6],
    ['after detach', 'no partition of relation', 5],
  ])('%s: %s', async (moment, outcome, count) => {
    await addSnapshots(sql, old, 5);
    let late: Promise<string> | undefined;
    once(moment, async () => {
      late = addRow(900).then(
        () => 'written',
        (error: unknown) => String(error),
      );
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    await run();
    expect(await late).toContain(outcome);
    bench.clock.at += 300_000;
    await run();
    expect(await detached()).toHaveLength(count);
    expect(await verifyDays(bench.deps, old)).toMatchObject([{ rows: count, problem: null }]);
  });

  it('under way when the day is to be detached makes the archiver give up, not the writer', async () => {
    await addSnapshots(sql, old, 5);
    let finish = (): void => {};
    let writing: Promise<void> | undefined;
    once('detach', async () => {
      await new Promise<void>((ready) => {
        writing = store.database.transaction(async (inner) => {
          await inner`insert into snapshots (slot, account_no) values (${slotOf(old)}, 900)`;
          ready();
          await new Promise<void>((resolve) => (finish = resolve));
        });
      });
    });
    expect(await run()).toMatchObject({ detached: [], failed: [old] });
    expect((await book())!.problem).toContain('lock timeout');
    finish();
    await writing;
    bench.clock.at += 300_000;
    expect(await run()).toMatchObject({ detached: [old] });
    expect(await detached()).toHaveLength(6);
  });

  it('into the detached table brings the day back, to be archived as it is now', async () => {
    await addSnapshots(sql, old, 5);
    await run();
    await statement(sql, `insert into ${detachedTable(old)} (slot, account_no) values (${slotOf(old)}, 900)`);
    bench.clock.at += graceMs;
    expect(await run()).toMatchObject({ detached: [old], dropped: [] });
    expect(await detached()).toHaveLength(6);
    bench.clock.at += graceMs;
    expect(await run()).toMatchObject({ dropped: [old] });
    expect(await verifyDays(bench.deps, old)).toMatchObject([{ rows: 6, problem: null }]);
  });

  it('into a day that was dropped joins it with its old rows', async () => {
    await addSnapshots(sql, old, 5);
    const rows = (await attached())!;
    await run();
    bench.clock.at += graceMs;
    await run();
    await addSnapshots(sql, old, 1, 900);
    expect(await run()).toMatchObject({ detached: [old], failed: [] });
    expect(await detached()).toHaveLength(6);
    expect(await detached()).toEqual(expect.arrayContaining(rows));
    expect(await verifyDays(bench.deps, old)).toMatchObject([{ rows: 6, problem: null }]);
  });

  const addRow = (account: number) =>
    sql`insert into snapshots (slot, account_no) values (${slotOf(old)}, ${account})`;
});

describe('a copy that is not what was sent', () => {
  const faults: [string, (bench: ArchiveBench) => void, RegExp][] = [
    ['upload fails', ({ archive }) => (archive.onPut = () => fail('disk full')), /^disk full$/],
    [
      'upload is cut short',
      ({ archive }) => (archive.onPut = (_key, bytes) => bytes.subarray(0, -9)),
      /unexpected end/,
    ],
    [
      'upload is lost',
      ({ archive }) => (archive.put = async (_key, bytes) => drain(bytes)),
      /there is no copy/,
    ],
    [
      'upload is empty',
      ({ archive }) => (archive.onPut = () => Buffer.alloc(0)),
      /unexpected end|other columns/,
    ],
    [
      'a bit turns over on the way',
      ({ archive }) => (archive.onPut = (_key, bytes) => flipped(bytes, 801)),
      /./,
    ],
    [
      'another day lies there',
      ({ archive }) => (archive.onPut = () => gzipSync('"slot"\n1\n')),
      /other columns/,
    ],
    [
      'a row is missing',
      ({ archive }) => (archive.onPut = edit((text) => text.replace(/\n[^\n]+\n$/, '\n'))),
      /4 rows/,
    ],
    [
      'a figure differs',
      ({ archive }) => (archive.onPut = edit((text) => text.replace(',-1,', ',-2,'))),
      /other rows/,
    ],
    [
      'NULL became empty',
      ({ archive }) => (archive.onPut = edit((text) => text.replace(',,', ',"",'))),
      /other rows/,
    ],
    ['reading fails', ({ archive }) => (archive.onGet = () => fail('S3 answered 500')), /^S3 answered 500$/],
    [
      'the manifest is damaged',
      ({ archive }) => (archive.onPut = (key, bytes) => (key.endsWith('.json') ? flipped(bytes, 80) : bytes)),
      /manifest was read back otherwise/,
    ],
  ];

  it.each(faults)(
    '%s: the day stays, and goes when the storage is well again',
    async (_name, harm, problem) => {
      await addSnapshots(sql, old, 5);
      const rows = await attached();
      const well = { ...bench.archive };
      harm(bench);
      expect(await run()).toEqual({ detached: [], dropped: [], failed: [old] });
      expect(await attached()).toEqual(rows);
      expect(await book()).toMatchObject({
        state: 'counted',
        failures: 1,
        problem: expect.stringMatching(problem) as string,
      });
      expect(bench.warnings).toEqual([{ event: 'day not archived', problem: (await book())!.problem }]);

      Object.assign(bench.archive, well);
      bench.clock.at += 299_999;
      expect(await run()).toEqual({ detached: [], dropped: [], failed: [] });
      bench.clock.at += 1;
      expect(await run()).toMatchObject({ detached: [old] });
      expect(await detached()).toEqual(rows);
      expect(await book()).toMatchObject({ failures: 0, problem: null });
    },
  );

  it('holds up no other day', async () => {
    await addSnapshots(sql, old, 5);
    await addSnapshots(sql, dayOfAge(40), 5);
    bench.archive.onPut = (key, bytes) => (key.includes('20261015') ? fail('disk full') : bytes);
    expect(await run()).toEqual({ detached: [old], dropped: [], failed: [dayOfAge(40)] });
  });

  const edit = (change: (text: string) => string) => (key: string, bytes: Buffer) =>
    key.endsWith('.gz') ? gzipSync(change(gunzipSync(bytes).toString())) : bytes;
});

describe('a copy that went bad before the drop', () => {
  const damages: [string, () => void, RegExp][] = [
    [
      'a bit turned over',
      () => void bench.archive.objects.set(dataKey(), flipped(bench.archive.objects.get(dataKey())!, 900)),
      /./,
    ],
    [
      'it was cut',
      () => void bench.archive.objects.set(dataKey(), bench.archive.objects.get(dataKey())!.subarray(0, 50)),
      /unexpected end/,
    ],
    ['it is gone', () => void bench.archive.objects.delete(dataKey()), /there is no copy/],
    [
      'it was packed anew',
      () =>
        void bench.archive.objects.set(
          dataKey(),
          gzipSync(gunzipSync(bench.archive.objects.get(dataKey())!), { level: 1 }),
        ),
      /was changed/,
    ],
    [
      'its manifest is gone',
      () => void bench.archive.objects.delete(dataKey().replace('.csv.gz', '.json')),
      /manifest/,
    ],
  ];

  it.each(damages)('%s: another is written, and the week begins anew', async (_name, damage, problem) => {
    await addSnapshots(sql, old, 5);
    const rows = await attached();
    await run();
    bench.clock.at += graceMs;
    damage();
    expect(await run()).toMatchObject({ dropped: [], failed: [old] });
    expect((await book())!.problem).toMatch(problem);
    expect((await book())!.problem).toContain('Another copy was written.');
    expect(await detached()).toEqual(rows);

    bench.clock.at += graceMs - 1;
    expect(await run()).toMatchObject({ dropped: [] });
    bench.clock.at += 1;
    expect(await run()).toMatchObject({ dropped: [old], failed: [] });
    expect(await verifyDays(bench.deps, old)).toMatchObject([{ rows: 5, problem: null }]);
    expect(new Set(bench.archive.puts).size).toBe(bench.archive.puts.length);
  });

  it('and a storage that cannot be read at all: nothing is dropped', async () => {
    await addSnapshots(sql, old, 5);
    await run();
    bench.clock.at += 3 * graceMs;
    bench.archive.onGet = () => fail('S3 could not be reached');
    expect(await run()).toMatchObject({ dropped: [], failed: [old] });
    expect(await detached()).toHaveLength(5);
  });
});

describe('several archivers', () => {
  it('at once do the work once', async () => {
    for (const age of [31, 32, 33]) await addSnapshots(sql, dayOfAge(age), 50);
    const reports = await Promise.all([run(), run(), run(), run()]);
    expect(reports.flatMap((report) => report.detached).sort()).toEqual([33, 32, 31].map(dayOfAge).sort());
    expect(reports.flatMap((report) => report.failed)).toEqual([]);
    bench.clock.at += graceMs;
    const later = await Promise.all([run(), run(), run(), run()]);
    expect(later.flatMap((report) => report.dropped).sort()).toEqual([33, 32, 31].map(dayOfAge).sort());
  });

  it('a killed one leaves the day to the next after a while', async () => {
    await addSnapshots(sql, old, 5);
    await sql`insert into archived_days (day, worker, busy_until) values (${old}::date, 'dead', ${bench.clock.at + 60_000})`;
    expect(await run()).toEqual({ detached: [], dropped: [], failed: [] });
    bench.clock.at += 60_000;
    expect(await run()).toMatchObject({ detached: [old] });
  });

  it('one that is overtaken in its sleep writes nothing', async () => {
    await addSnapshots(sql, old, 5);
    once('note copied', async () => {
      bench.clock.at += 16 * 60_000;
      expect(await archiveOldDays({ ...bench.deps, onMoment: () => {} })).toMatchObject({ detached: [old] });
    });
    expect(await run()).toEqual({ detached: [], dropped: [], failed: [] });
    expect(await book()).toMatchObject({ state: 'detached', problem: null });
    expect(await verifyDays(bench.deps, old)).toMatchObject([{ rows: 5, problem: null }]);
  });

  it('one whose day was restored in its sleep drops nothing and leaves the day alone', async () => {
    await addSnapshots(sql, old, 5);
    const rows = await attached();
    await run();
    bench.clock.at += graceMs;
    once('drop', async () => {
      bench.clock.at += 16 * 60_000;
      expect(await restoreDay({ ...bench.deps, onMoment: () => {} }, old)).toMatchObject({ isDone: true });
    });
    expect(await run()).toEqual({ detached: [], dropped: [], failed: [] });
    expect(await attached()).toEqual(rows);
    expect(await book()).toMatchObject({ state: 'restored', problem: null });
  });

  it('a stop is no problem of the day, and the day is free at once', async () => {
    await addSnapshots(sql, old, 5);
    const stop = new AbortController();
    once('read back', () => stop.abort(new Error('stopping')));
    await expect(archiveOldDays({ ...bench.deps, signal: stop.signal })).rejects.toThrow('stopping');
    expect(await book()).toMatchObject({ state: 'counted', problem: null, failures: 0 });
    expect(await run()).toMatchObject({ detached: [old] });
  });
});

function fail(message: string): never {
  throw new Error(message);
}

async function drain(bytes: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of bytes) void chunk;
}
