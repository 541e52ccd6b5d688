import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { DumpManifest, OpenDump } from '../../ports/dumps.ts';
import { type CatalogTable, quoted, quotedList, RowMeter } from './table-catalog.ts';

/**
 * The layout of a dump: SQL that psql can load into an empty, migrated database, with comments that say what it holds.
 * The last line is the manifest, so a file that was cut short is never taken for a whole one.
 */

const head = '-- ArbHub dump 1, COPY text of every table\n';
const tableMark = '-- table ';
const manifestMark = '-- manifest ';
const endOfRows = Buffer.from('\\.\n');
const rowsEndWithin = Buffer.from('\n\\.\n');

export const headText = (): string => head;

export function tableText({ name, columns }: Pick<CatalogTable, 'name' | 'columns'>): string {
  const mark = `${tableMark}${JSON.stringify({ name, columns })}\n`;
  const make = makeTableText(name);
  const copy = `copy public.${quoted(name)} (${quotedList(columns)}) from stdin;\n`;
  return `${mark}${make === null ? '' : `${make};\n`}${copy}`;
}

/** What makes a table that migrations do not make: a day of snapshots, attached or detached. Null for all others. */
export function makeTableText(name: string): string | null {
  const [, kind, year, month, date] = /^(snapshots|detached)_(\d{4})(\d\d)(\d\d)$/.exec(name) ?? [];
  if (kind === undefined) return null;
  const day = `'${year}-${month}-${date}'`;
  return kind === 'snapshots'
    ? `select public.ensure_snapshot_partitions(${day}, 1)`
    : `select public.make_detached_day(${day})`;
}

export const endOfTableText = (): Buffer => endOfRows;

export function manifestText(manifest: DumpManifest): string {
  const places = manifest.sequences.map(
    ({ name, value, isCalled }) => `select setval('public.${quoted(name)}', ${value}, ${isCalled});\n`,
  );
  return `${places.join('')}${manifestMark}${JSON.stringify(manifest)}\n`;
}

/** What comes out of a dump, in its order. `rows` holds whole rows. */
export type DumpPiece =
  | { kind: 'table'; name: string; columns: string[] }
  | { kind: 'rows'; bytes: Buffer }
  | { kind: 'manifest'; manifest: DumpManifest };

/** A dump that cannot be taken; the message says why. */
export class DumpRefused extends Error {}

/** Reads a dump to its end. Throws when it is damaged, cut short, or not what its own manifest says. */
export async function readDump(
  open: OpenDump,
  take: (piece: DumpPiece) => Promise<void>,
): Promise<DumpManifest> {
  const found: DumpManifest['tables'] = [];
  let meter = new RowMeter();
  let name: string | null = null;
  let manifest: DumpManifest | null = null;
  const close = (): void => {
    if (name !== null) found.push({ name, rows: meter.rows, sha256: meter.sha256() });
    name = null;
  };
  try {
    await pipeline(await open(), createGunzip(), async (source: AsyncIterable<Buffer>) => {
      for await (const piece of piecesOf(source)) {
        if (manifest !== null) throw new DumpRefused('something follows its manifest');
        if (piece.kind === 'table') {
          close();
          [name, meter] = [piece.name, new RowMeter()];
        } else if (piece.kind === 'rows') {
          meter.add(piece.bytes);
        } else {
          close();
          manifest = piece.manifest;
        }
        await take(piece);
      }
    });
  } catch (error) {
    if (error instanceof DumpRefused) throw new DumpRefused(`The dump is damaged: ${error.message}.`);
    if ((error as { code?: unknown }).code?.toString().startsWith('Z_') === true)
      throw new DumpRefused(`The dump is damaged: ${(error as Error).message}.`);
    throw error;
  }
  return whole(manifest, found);
}

function whole(manifest: DumpManifest | null, found: DumpManifest['tables']): DumpManifest {
  if (manifest === null) throw new DumpRefused('The dump is damaged: it ends before its manifest.');
  if (manifest.format !== 1) throw new DumpRefused('The dump has a layout that this release does not know.');
  const told = manifest.tables;
  const wrong = told.find((table, n) => JSON.stringify(table) !== JSON.stringify(found[n]));
  if (wrong !== undefined || told.length !== found.length)
    throw new DumpRefused(`The dump is damaged: ${wrong?.name ?? 'a table'} is not what its manifest says.`);
  return manifest;
}

async function* piecesOf(source: AsyncIterable<Buffer>): AsyncGenerator<DumpPiece> {
  let pending: Buffer = Buffer.alloc(0);
  let isHead = true;
  let isInRows = false;
  for await (const chunk of source) {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      if (isInRows) {
        const { rows, end } = splitRows(pending);
        if (rows > 0) yield { kind: 'rows', bytes: pending.subarray(0, rows) };
        pending = pending.subarray(end ?? rows);
        if (end === null) break;
        isInRows = false;
      }
      const at = pending.indexOf(10);
      if (at === -1) break;
      const line = pending.toString('utf8', 0, at + 1);
      pending = pending.subarray(at + 1);
      if (isHead && line !== head) throw new DumpRefused('it does not begin as a dump of ArbHub');
      isHead = false;
      const piece = pieceOf(line);
      if (piece !== null) yield piece;
      isInRows = /^copy .* from stdin;$/.test(line.trimEnd());
    }
  }
  if (isHead) throw new DumpRefused('it does not begin as a dump of ArbHub');
  if (pending.length > 0 || isInRows) throw new DumpRefused('it ends within a table');
}

/** How many bytes are whole rows, and where the text after the table begins; null = not here yet. */
function splitRows(bytes: Buffer): { rows: number; end: number | null } {
  if (bytes.subarray(0, endOfRows.length).equals(endOfRows)) return { rows: 0, end: endOfRows.length };
  const at = bytes.indexOf(rowsEndWithin);
  if (at !== -1) return { rows: at + 1, end: at + rowsEndWithin.length };
  return { rows: bytes.lastIndexOf(10) + 1, end: null };
}

function pieceOf(line: string): DumpPiece | null {
  try {
    if (line.startsWith(tableMark)) {
      const { name, columns } = JSON.parse(line.slice(tableMark.length)) as {
        name: string;
        columns: string[];
      };
      return { kind: 'table', name, columns };
    }
    if (line.startsWith(manifestMark))
      return { kind: 'manifest', manifest: JSON.parse(line.slice(manifestMark.length)) as DumpManifest };
  } catch {
    throw new DumpRefused('a line of it cannot be read');
  }
  return null;
}
