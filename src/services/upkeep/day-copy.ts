import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { CsvRecords } from '../../domain/csv-records.ts';
import type { Archive } from '../../ports/archive.ts';
import type { Sql } from '../../ports/sql.ts';
import {
  listColumns,
  readCsvPage,
  type Column,
  type DayCopy,
  type StoredObject,
} from '../../store/archive.ts';
import { readPacked, sendPacked } from './packed-text.ts';

/** A day's rows as text: read from a table, written to the archive, read back. One page is in memory at a time. */

const pageRows = 5_000;

/** What identifies the rows of a day wherever they are. */
export interface Fingerprint {
  rows: number;
  /** SHA-256 (hex) of the CSV text, header line included. */
  sha256: string;
}

/** What was found in the archive. */
export interface FoundCopy extends Fingerprint {
  object: StoredObject;
  header: (string | null)[];
}

const namesOf = (columns: readonly Column[]): string[] => columns.map(({ name }) => name);

/** A table as CSV text, page by page, in the order of its primary key. */
async function* csvOf(
  sql: Sql,
  table: string,
  columns: readonly Column[],
  tally: (rows: number) => void,
): AsyncGenerator<string> {
  const names = namesOf(columns);
  yield `${names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',')}\n`;
  let after: string | null = null;
  for (;;) {
    const page: Awaited<ReturnType<typeof readCsvPage>> = await readCsvPage(
      sql,
      table,
      names,
      after,
      pageRows,
    );
    if (page === null) return;
    tally(page.rows);
    yield page.lines;
    if (page.rows < pageRows) return;
    after = page.lastKey;
  }
}

/** Counts and hashes the table's rows, of these columns or of all that it has. */
export async function fingerprint(
  sql: Sql,
  table: string,
  columns: Column[] | null,
  signal: AbortSignal,
): Promise<Fingerprint & { columns: Column[] }> {
  const measured = columns ?? (await listColumns(sql, table));
  const hash = createHash('sha256');
  let rows = 0;
  for await (const text of csvOf(sql, table, measured, (count) => (rows += count))) {
    signal.throwIfAborted();
    hash.update(text);
  }
  return { rows, sha256: hash.digest('hex'), columns: measured };
}

/** Writes the table to the archive; answers what was sent, which is not yet proof of what arrived. */
export async function sendCopy(
  sql: Sql,
  table: string,
  columns: readonly Column[],
  archive: Archive,
  key: string,
  signal: AbortSignal,
): Promise<Fingerprint> {
  let rows = 0;
  const text = csvOf(sql, table, columns, (count) => (rows += count));
  const sha256 = await sendPacked(archive, key, text, signal);
  return { rows, sha256 };
}

/**
 * Reads a copy to its end and says what it holds; `onRows` gets its records on the way, without the header.
 * Null when there is no such object; throws when it cannot be read as gzip and CSV.
 */
export async function readCopy(
  archive: Archive,
  key: string,
  signal: AbortSignal,
  onRows: (rows: (string | null)[][]) => Promise<void> = async () => {},
): Promise<FoundCopy | null> {
  const records = new CsvRecords();
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rows = 0;
  let header: (string | null)[] | undefined;
  const found = await readPacked(archive, key, signal, async (piece) => {
    const read = records.push(decoder.decode(piece, { stream: true }));
    header ??= read.shift();
    rows += read.length;
    await onRows(read);
  });
  if (found === null) return null;
  records.push(decoder.decode());
  records.end();
  const { bytes, sha256, textSha256 } = found;
  return { rows, sha256: textSha256, object: { key, bytes, sha256 }, header: header ?? [] };
}

/** What differs between a copy in the archive and what the books say of it; null = nothing. */
export function difference(found: FoundCopy | null, copy: DayCopy): string | null {
  if (found === null) return 'there is no copy';
  if (JSON.stringify(found.header) !== JSON.stringify(namesOf(copy.columns)))
    return 'the copy has other columns';
  if (found.rows !== copy.rows) return `the copy has ${found.rows} rows instead of ${copy.rows}`;
  if (found.sha256 !== copy.sha256) return 'the copy holds other rows';
  if (copy.object !== null && found.object.sha256 !== copy.object.sha256) return 'the copy was changed';
  return null;
}

/** Reads the copy and its manifest; answers what is wrong, null = nothing. Throws only when `signal` aborts. */
export async function checkCopy(
  archive: Archive,
  day: string,
  copy: DayCopy,
  signal: AbortSignal,
): Promise<string | null> {
  const { object } = copy;
  if (object === null) return 'there is no copy';
  try {
    const problem = difference(await readCopy(archive, object.key, signal), copy);
    if (problem !== null) return problem;
    const manifest = await readSmall(archive, manifestKey(object), signal);
    return manifest === manifestText(day, copy, object) ? null : 'the manifest beside the copy differs';
  } catch (error) {
    signal.throwIfAborted();
    return `the copy cannot be read: ${messageOf(error)}`;
  }
}

/** Puts the manifest beside the copy and reads it back. */
export async function writeManifest(
  archive: Archive,
  day: string,
  copy: DayCopy,
  object: StoredObject,
  signal: AbortSignal,
): Promise<void> {
  const text = manifestText(day, copy, object);
  await archive.put(manifestKey(object), Readable.from([Buffer.from(text)]), signal);
  if ((await readSmall(archive, manifestKey(object), signal)) !== text)
    throw new Error('The manifest was read back otherwise than it was written.');
}

/**
 * A key that nobody has used: the day, the beginning of its content's hash, and a part by chance. Were a key ever written
 * twice, a slow worker's damaged upload could take the place of a copy that another has just verified.
 */
export function newKey(day: string, sha256: string): string {
  const chance = randomUUID().slice(0, 8);
  return `snapshots/${day.slice(0, 4)}/${day.replaceAll('-', '')}-${sha256.slice(0, 12)}-${chance}.csv.gz`;
}

const manifestKey = ({ key }: StoredObject): string => key.replace(/\.csv\.gz$/, '.json');

function manifestText(
  day: string,
  copy: DayCopy,
  { key, bytes, sha256: objectSha256 }: StoredObject,
): string {
  const { rows, sha256, columns } = copy;
  const object = { key, bytes, sha256: objectSha256 };
  const manifest = { format: 1, table: 'snapshots', day, columns, rows, sha256, object };
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

const mostManifestBytes = 1_000_000;

async function readSmall(archive: Archive, key: string, signal: AbortSignal): Promise<string | null> {
  const bytes = await archive.get(key, signal);
  if (bytes === null) return null;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of bytes) {
    size += chunk.length;
    if (size > mostManifestBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** An error's text for the books and the log. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
