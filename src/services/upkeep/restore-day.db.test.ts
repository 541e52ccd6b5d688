import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import { graceMs } from '../../domain/keeping.ts';
import {
  attachedTable,
  detachedTable,
  insertCopiedRows,
  listColumns,
  listDays,
} from '../../store/archive.ts';
import { archiveOldDays } from './archive-old-days.ts';
import {
  addSnapshots,
  archiveBench,
  dayOfAge,
  dropDays,
  flipped,
  rowsOf,
  slotOf,
  type ArchiveBench,
} from './archive.fixture.ts';
import { fingerprint, readCopy, sendCopy } from './day-copy.ts';
import { restoreDay } from './restore-day.ts';

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
const restore = (day = old) => restoreDay(bench.deps, day);
const attached = () => rowsOf(sql, attachedTable(old));
const detached = () => rowsOf(sql, detachedTable(old));
const state = async () => (await listDays(sql, old))[0]?.state;
const objectKey = () => [...bench.archive.objects.keys()].filter((key) => key.endsWith('.gz')).at(-1)!;

/** A day of rows that is gone but for its copy; answers the rows. */
async function dropped(count = 6_000): Promise<string[]> {
  await addSnapshots(sql, old, count);
  const rows = await attached();
  await run();
  bench.clock.at += graceMs;
  await run();
  expect(await state()).toBe('dropped');
  return rows!;
}

describe('a restored day', () => {
  it('comes back from its copy, row for row, and is found by its time', async () => {
    const rows = await dropped();
    expect(await restore()).toEqual({ isDone: true, rows: 6_000, from: 'the copy' });
    expect(await attached()).toEqual(rows);
    expect(await detached()).toBeNull();
    const [found] =
      await sql`select count(*) as rows from snapshots where slot >= ${slotOf(old)} and account_no = 7`;
    expect(found).toEqual({ rows: 1 });
  });

  it('comes back from its detached table while that is there', async () => {
    await addSnapshots(sql, old, 10);
    const rows = await attached();
    await run();
    bench.archive.objects.clear();
    expect(await restore()).toEqual({ isDone: true, rows: 10, from: 'the detached table' });
    expect(await attached()).toEqual(rows);
    expect(await detached()).toBeNull();
  });

  it('stays as it is when it is restored again', async () => {
    const rows = await dropped();
    await restore();
    expect(await restore()).toEqual({ isDone: true, rows: 6_000, from: 'already there' });
    expect(await attached()).toEqual(rows);
  });

  it('is left alone for a week and goes again without another upload', async () => {
    const rows = await dropped();
    await restore();
    const { length } = bench.archive.puts;
    bench.clock.at += graceMs - 1;
    expect(await run()).toEqual({ detached: [], dropped: [], failed: [] });
    expect(await attached()).toEqual(rows);
    bench.clock.at += 1;
    expect(await run()).toMatchObject({ detached: [old], failed: [] });
    expect(await detached()).toEqual(rows);
    expect(bench.archive.puts).toHaveLength(length);
    bench.clock.at += graceMs;
    expect(await run()).toMatchObject({ dropped: [old] });
    expect(await restore()).toMatchObject({ isDone: true, from: 'the copy' });
  });

  it('that was written to goes into the archive as it is then', async () => {
    await dropped(5);
    await restore();
    await addSnapshots(sql, old, 1, 900);
    bench.clock.at += graceMs;
    expect(await run()).toMatchObject({ detached: [old] });
    bench.clock.at += graceMs;
    await run();
    expect(await restore()).toMatchObject({ isDone: true, rows: 6, from: 'the copy' });
    expect(await attached()).toHaveLength(6);
  });

  it('joins newer rows that the day has got meanwhile', async () => {
    const rows = await dropped(5);
    await addSnapshots(sql, old, 1, 900);
    expect(await restore()).toEqual({ isDone: true, rows: 5, from: 'joined' });
    expect(await attached()).toHaveLength(6);
    expect(await attached()).toEqual(expect.arrayContaining(rows));
  });

  it('fills a table that has a column more by now', async () => {
    const rows = await dropped(5);
    await store.database.script('alter table snapshots add column later text');
    try {
      expect(await restore()).toMatchObject({ isDone: true, rows: 5 });
      expect(await attached()).toEqual(rows.map((row) => row.replace(/\)$/, ',)')));
    } finally {
      await store.database.script('alter table snapshots drop column later');
    }
  });

  it('that has not left yet is merely kept', async () => {
    await addSnapshots(sql, old, 5);
    bench.deps.onMoment = (moment) => {
      if (moment === 'detach') throw new Error('crash');
    };
    await run();
    bench.deps.onMoment = () => {};
    expect(await restore()).toEqual({ isDone: true, rows: 5, from: 'already there' });
    bench.clock.at += graceMs - 1;
    expect(await run()).toMatchObject({ detached: [] });
    bench.clock.at += 1;
    expect(await run()).toMatchObject({ detached: [old] });
  });
});

describe('a restore is refused, and changes nothing, when', () => {
  const damages: [string, () => void, RegExp][] = [
    ['a bit of the copy turned over', () => put(flipped(object(), 5_000)), /./],
    ['the copy was cut short', () => put(object().subarray(0, -10)), /unexpected end/],
    ['the copy is gone', () => void bench.archive.objects.delete(objectKey()), /there is no copy/],
    [
      'the copy lacks a row',
      () => put(gzipSync(text().replace(/[^\n]+\n$/, ''))),
      /5999 rows instead of 6000/,
    ],
    ['the copy holds another figure', () => put(gzipSync(text().replace(',1,1,', ',1,2,'))), /other rows/],
    ['the copy has other columns', () => put(gzipSync(text().replace('"cpc"', '"cpm"'))), /other columns/],
    ['the copy is no CSV', () => put(gzipSync(text().replace(',,', ',"x"y,'))), /quote/],
    [
      'the copy is not UTF-8',
      () => put(gzipSync(Buffer.concat([Buffer.from(text()), Buffer.from([0xff])]))),
      /./,
    ],
    [
      'the manifest is gone',
      () => void bench.archive.objects.delete(objectKey().replace('.csv.gz', '.json')),
      /manifest/,
    ],
    [
      'the storage does not answer',
      () => void (bench.archive.onGet = () => fail('S3 answered 503')),
      /S3 answered 503/,
    ],
  ];
  it.each(damages)('%s', async (_name, damage, problem) => {
    await dropped();
    damage();
    expect(await restore()).toEqual({ isDone: false, problem: expect.stringMatching(problem) as string });
    expect([await attached(), await detached(), await state()]).toEqual([null, null, 'dropped']);
  });

  it('the copy reads otherwise the second time', async () => {
    await dropped();
    let reads = 0;
    bench.archive.onGet = (key, bytes) => {
      reads += key.endsWith('.gz') ? 1 : 0;
      return key.endsWith('.gz') && reads === 2 ? gzipSync(text().replace(',1,1,', ',1,2,')) : bytes;
    };
    expect(await restore()).toMatchObject({
      isDone: false,
      problem: expect.stringContaining('other rows') as string,
    });
    expect([await attached(), await detached(), await state()]).toEqual([null, null, 'dropped']);
  });

  it('it crashes at any moment', async () => {
    const rows = await dropped(5);
    for (const at of ['fill', 'attach'] as const) {
      bench.deps.onMoment = (moment) => (moment === at ? fail('crash') : undefined);
      expect(await restore()).toMatchObject({ isDone: false });
      expect([await attached(), await detached(), await state()]).toEqual([null, null, 'dropped']);
    }
    bench.deps.onMoment = () => {};
    await restore();
    expect(await attached()).toEqual(rows);
  });

  it('the day was never archived, or somebody is at it', async () => {
    expect(await restore('2020-02-03')).toMatchObject({
      isDone: false,
      problem: '2020-02-03 was never archived.',
    });
    await dropped(5);
    await sql`update archived_days set worker = 'other', busy_until = ${bench.clock.at + 1}`;
    expect(await restore()).toMatchObject({
      isDone: false,
      problem: expect.stringContaining('at this moment') as string,
    });
    expect(await state()).toBe('dropped');
  });

  it('a column of the copy is no longer there', async () => {
    await dropped(5);
    await store.database.script('alter table snapshots rename column cpc to cost');
    try {
      expect(await restore()).toMatchObject({
        isDone: false,
        problem: expect.stringContaining('no column cpc') as string,
      });
      expect([await attached(), await detached()]).toEqual([null, null]);
    } finally {
      await store.database.script('alter table snapshots rename column cost to cpc');
    }
  });

  const object = () => bench.archive.objects.get(objectKey())!;
  const text = () => gunzipSync(object()).toString();
  const put = (bytes: Buffer) => void bench.archive.objects.set(objectKey(), bytes);
});

it('values of every kind go out and come back as the same text', async () => {
  await store.database
    .script(`create table odd ("the key" text, no int, t text, "a ""b""" text, j jsonb, n numeric, f float8,
    ts timestamptz, d date, b boolean, x bytea, list text[], i interval, u uuid, primary key (no, "the key"))`);
  await store.database.script(`insert into odd values
    ('', 1, '', ' ', '{"a": ["b,c", null]}', 1.500, 0.1, '2026-03-01 00:00:00.123456+05', '0044-03-15 BC', true, '\\x00ff', '{a,NULL,"b,c"}', '1 day 2 hours', gen_random_uuid()),
    ('x', 1, null, null, null, null, null, null, null, null, null, null, null, null),
    ('comma, "quote" ''s', 2, E'line\\nbreak\\r\\ttab\\\\', 'NULL', '"text"', 'NaN', 'Infinity', 'infinity', 'infinity', false, '', '{}', '-3 mons', null),
    ('é 😀 漢', -3, E'\\u0001', '"', 'null', 12345678901234567890.123456789, '-0', '-infinity', '2026-01-01', null, null, null, null, null)`);
  const columns = await listColumns(sql, 'odd');
  const { signal } = bench.deps;
  const sent = await sendCopy(sql, 'odd', columns, bench.archive, 'odd', signal);
  expect(sent.rows).toBe(4);
  const lines = gunzipSync(bench.archive.objects.get('odd')!).toString().split('\n');
  expect(lines[1]).toMatch(
    /^"é 😀 漢",-3,"\u0001","""","null",12345678901234567890.123456789,-0,-infinity,2026-01-01,,,,,$/,
  );
  expect(lines[2]).toMatch(
    /^"",1,""," ","{""a"": \[""b,c"", null\]}",1.500,0.1,2026-02-28 19:00:00.123456\+00,0044-03-15 BC,true,/,
  );

  const before = await rowsOf(sql, 'odd');
  await store.database.script('delete from odd');
  const rows: (string | null)[][] = [];
  expect(
    await readCopy(bench.archive, 'odd', signal, async (found) => void rows.push(...found)),
  ).toMatchObject(sent);
  const objects = rows.map((row) => Object.fromEntries(columns.map(({ name }, n) => [name, row[n] ?? null])));
  // jsonb is the one kind whose text is not its own input here: no archived table has it.
  const withoutJson = objects.map((row) => ({ ...row, j: null }));
  expect(await insertCopiedRows(sql, 'odd', withoutJson)).toBe(4);
  expect(await insertCopiedRows(sql, 'odd', withoutJson)).toBe(0);
  for (const { no, 'the key': key, j } of objects)
    await sql`update odd set j = ${j ?? null}::text::jsonb where no = ${no ?? ''}::int and "the key" = ${key ?? ''}`;
  expect(await rowsOf(sql, 'odd')).toEqual(before);
  expect((await fingerprint(sql, 'odd', columns, signal)).sha256).toBe(sent.sha256);
});

function fail(message: string): never {
  throw new Error(message);
}
