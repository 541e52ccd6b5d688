import type { TestDatabase } from '../../../tests/database.ts';
import type { Archive } from '../../ports/archive.ts';
import type { Database, Sql } from '../../ports/sql.ts';
import { addDays } from '../../domain/calendar.ts';
import { ensurePartitions } from '../../store/snapshots.ts';
import { manualClock, noon } from '../accounts/fleet.fixture.ts';
import type { ArchiveDeps } from './archive-deps.ts';

/** What may befall one object on its way in or out; it gets the bytes and answers what really passes, or throws. */
type Fault = (key: string, bytes: Buffer) => Buffer;

/** An archive in memory, whole objects only, with a storage that can be made to lie. */
export interface MemoryArchive extends Archive {
  objects: Map<string, Buffer>;
  puts: string[];
  onPut: Fault;
  onGet: Fault;
}

const honest: Fault = (_key, bytes) => bytes;

export function memoryArchive(): MemoryArchive {
  const objects = new Map<string, Buffer>();
  return {
    place: 'memory',
    objects,
    puts: [],
    onPut: honest,
    onGet: honest,
    async put(key, bytes, signal) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of bytes) chunks.push(chunk);
      signal.throwIfAborted();
      this.puts.push(key);
      objects.set(key, this.onPut(key, Buffer.concat(chunks)));
    },
    async get(key) {
      const found = objects.get(key);
      if (found === undefined) return null;
      const bytes = this.onGet(key, found);
      return (async function* () {
        for (let at = 0; at < bytes.length; at += 1_000) yield bytes.subarray(at, at + 1_000);
      })();
    },
  };
}

/** One bit of the bytes turned over. */
export function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  const at = Math.floor(bit / 8) % Math.max(1, copy.length);
  copy.writeUInt8(copy.readUInt8(at) ^ (1 << (bit % 8)), at);
  return copy;
}

/** The day that is `age` days before the day of the tests' noon. */
export const dayOfAge = (age: number): string => addDays('2026-11-24', -age);

export const slotOf = (day: string): number =>
  (Date.parse(`${day}T00:00:00Z`) - Date.parse('2020-01-01T00:00:00Z')) / 1000;

/** Puts snapshots of accounts `from` … into a day, one a second from midnight on; every column has its nulls. */
export async function addSnapshots(sql: Sql, day: string, rows: number, from = 1): Promise<void> {
  await ensurePartitions(sql, day, 1);
  await sql`
    insert into snapshots (slot, account_no, amount_spent_minor, spend_minor, balance_due_minor, clicks, outbound_clicks, cpc)
    select ${slotOf(day)}::int + n % 86400, ${from}::int + n, case when n % 3 > 0 then n * 10000000000 end,
      case when n % 4 > 0 then -n end, nullif(n, 2), nullif(n, 3), null, case when n % 2 = 0 then n * 1.10 end
    from generate_series(0, ${rows}::int - 1) n`;
}

/** A statement whose text is made up by a test. */
export function statement<Row extends object>(sql: Sql, text: string): Promise<Row[]> {
  return sql<Row>(Object.assign([text], { raw: [text] }));
}

/** Takes every day away again, attached or detached, and the book that was kept of them. */
export async function dropDays(database: TestDatabase['database']): Promise<void> {
  const tables = await statement<{ name: string }>(
    database.sql,
    `select relname::text as name from pg_class where relname ~ '^(snapshots|detached)_[0-9]{8}$'`,
  );
  for (const { name } of tables) await database.script(`drop table ${name}`);
  await database.script('truncate archived_days');
}

/** The rows of a table as text, sorted; null = there is no such table. */
export async function rowsOf(sql: Sql, table: string): Promise<string[] | null> {
  const [found] = await sql`select 1 as found where to_regclass(${`public.${table}`}::text) is not null`;
  if (!found) return null;
  const rows = await statement<{ row: string }>(sql, `select t::text as row from public.${table} t`);
  return rows.map(({ row }) => row).sort();
}

export interface ArchiveBench {
  deps: ArchiveDeps;
  archive: MemoryArchive;
  clock: ReturnType<typeof manualClock>;
  warnings: { event: string; problem: unknown }[];
}

export function archiveBench(database: Pick<Database, 'sql' | 'transaction'>): ArchiveBench {
  const archive = memoryArchive();
  const clock = manualClock();
  clock.at = noon;
  const warnings: ArchiveBench['warnings'] = [];
  const deps: ArchiveDeps = {
    database,
    archive,
    clock,
    log: {
      info: () => {},
      warn: (event, fields) => warnings.push({ event, problem: fields?.['problem'] }),
      error: () => {},
    },
    owner: 'test',
    signal: new AbortController().signal,
  };
  return { deps, archive, clock, warnings };
}
