import type { DumpManifest, OpenDump } from '../../ports/dumps.ts';
import type { ConnectionTarget } from './connection-target.ts';
import { type CopySession, openCopySession } from './copy-session.ts';
import { DumpRefused, makeTableText, readDump } from './dump-file.ts';
import {
  type CatalogTable,
  copyOutText,
  listMigrations,
  listTables,
  quoted,
  quotedList,
  RowMeter,
} from './table-catalog.ts';

/**
 * Loads a dump into a migrated database that holds nothing else, in one transaction: all rows, then every table is
 * counted and hashed again, then the sequences. Whatever is wrong, nothing was changed.
 */
export async function loadDump(
  to: string | ConnectionTarget,
  open: OpenDump,
  signal: AbortSignal,
): Promise<DumpManifest> {
  // The whole file first: a damaged one must not even begin.
  const manifest = await readDump(open, async () => {});
  const session = await openCopySession(to, 'isolation level read committed', signal);
  try {
    await requireSameSchema(session, manifest);
    const before = await listTables(session);
    await requireEmpty(session, before);
    for (const { name } of manifest.tables) {
      const text = makeTableText(name);
      if (text !== null && !before.some((table) => table.name === name)) await session.rows(text);
    }
    const tables = await listTables(session);
    await openTables(session, tables);
    await fill(session, open, tables);
    await requireEqual(session, tables, manifest);
    await closeTables(session, tables);
    // Last of all: what a sequence is set to is not taken back.
    for (const { name, value, isCalled } of manifest.sequences)
      await session.rows(`select setval('public.${quoted(name)}', ${BigInt(value)}, ${isCalled})::text`);
    await session.commit();
    return manifest;
  } finally {
    await session.end();
  }
}

async function requireSameSchema(session: CopySession, manifest: DumpManifest): Promise<void> {
  const [own, its] = [await listMigrations(session), manifest.migrations];
  if (own.join() === its.join()) return;
  const last = its.at(-1) ?? 'none';
  throw new DumpRefused(
    `The dump was made with another schema (last migration ${last}, here ${own.at(-1) ?? 'none'}). ` +
      'Restore it with the ArbHub that made it, then start this one. Nothing was changed.',
  );
}

/** A row that a migration put there was written by the transaction that recorded that migration; any other is somebody's. */
async function requireEmpty(session: CopySession, tables: readonly CatalogTable[]): Promise<void> {
  await session.rows(
    `lock table ${tables.map(({ name }) => `public.${quoted(name)}`).join(', ')} in access exclusive mode`,
  );
  const used: string[] = [];
  for (const { name } of tables) {
    const foreign = await session.rows(`select 1 as found from public.${quoted(name)}
      where xmin::text not in (select xmin::text from supabase_migrations.schema_migrations) limit 1`);
    if (foreign.length > 0) used.push(name);
  }
  if (used.length === 0) return;
  throw new DumpRefused(
    `The database is not empty (there are rows in ${used.join(', ')}). A dump is only restored into an empty one, ` +
      'for example with another ARBHUB_DATA_DIR or DATABASE_URL. Nothing was changed.',
  );
}

/** COPY does not work under row security, which an owner without BYPASSRLS is subject to where it is forced. */
async function openTables(session: CopySession, tables: readonly CatalogTable[]): Promise<void> {
  await session.rows(`truncate ${tables.map(({ name }) => `public.${quoted(name)}`).join(', ')}`);
  for (const { name, hasForcedRowSecurity } of tables)
    if (hasForcedRowSecurity)
      await session.rows(`alter table public.${quoted(name)} no force row level security`);
}

async function closeTables(session: CopySession, tables: readonly CatalogTable[]): Promise<void> {
  for (const { name, hasForcedRowSecurity } of tables)
    if (hasForcedRowSecurity)
      await session.rows(`alter table public.${quoted(name)} force row level security`);
}

/** The file says which table comes next; the rows until the following one are poured into it. */
async function fill(session: CopySession, open: OpenDump, tables: readonly CatalogTable[]): Promise<void> {
  const known = new Map(tables.map((table) => [table.name, new Set(table.columns)]));
  let pour: Pour | null = null;
  const finish = async (): Promise<void> => {
    await pour?.end();
    pour = null;
  };
  try {
    await readDump(open, async (piece) => {
      if (piece.kind === 'rows') return pour?.add(piece.bytes);
      await finish();
      if (piece.kind !== 'table') return;
      const columns = known.get(piece.name);
      const strange =
        columns === undefined ? piece.name : piece.columns.find((column) => !columns.has(column));
      if (strange !== undefined)
        throw new DumpRefused(`This schema does not know ${strange}. Nothing was changed.`);
      const text = `copy public.${quoted(piece.name)} (${quotedList(piece.columns)}) from stdin`;
      pour = startPour((bytes) => session.copyIn(text, bytes));
    });
    await finish();
  } catch (error) {
    // What the database says of the rows is the cause; what the reader met after it is not.
    await finish();
    throw error;
  }
}

/** Turns pieces that arrive by calls into a stream that somebody reads; a call waits until the reader wants more. */
interface Pour {
  add(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
}

function startPour(read: (bytes: AsyncIterable<Buffer>) => Promise<void>): Pour {
  const { readable, writable } = new TransformStream<Buffer, Buffer>();
  const writer = writable.getWriter();
  // Node's streams can be iterated; the DOM's types do not know it yet.
  const reading = read(readable as unknown as AsyncIterable<Buffer>);
  // A reader that fails must not leave the writer waiting for it.
  const failed = reading.then(() => new Promise<never>(() => {}));
  failed.catch(() => {});
  return {
    add: (bytes) => Promise.race([writer.ready.then(() => writer.write(bytes)), failed]),
    async end() {
      await Promise.race([writer.close().catch(() => {}), failed]);
      await reading;
    },
  };
}

async function requireEqual(
  session: CopySession,
  tables: readonly CatalogTable[],
  manifest: DumpManifest,
): Promise<void> {
  const told = new Map(manifest.tables.map((table) => [table.name, table]));
  for (const table of tables) {
    const meter = new RowMeter();
    for await (const bytes of session.copyOut(copyOutText(table))) meter.add(bytes);
    const expected = told.get(table.name);
    const isEqual =
      expected === undefined
        ? meter.rows === 0
        : meter.rows === expected.rows && meter.sha256() === expected.sha256;
    if (!isEqual)
      throw new DumpRefused(`${table.name} came back otherwise than it was dumped. Nothing was changed.`);
  }
}
