import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Backup } from '../../domain/keeping.ts';
import type { Shelf } from '../../ports/archive.ts';
import type { DumpManifest } from '../../ports/dumps.ts';

/** Backups as they lie on the shelf: `arbhub-20261124T101500Z.sql.gz`, and beside each a note of what it holds. */

/** The note beside a backup. One without a note was never finished. */
export interface BackupNote {
  bytes: number;
  /** SHA-256 (hex) of the file. */
  sha256: string;
  /** When it was restored into a fresh database and found equal, epoch ms. */
  provenAt: number | null;
  manifest: DumpManifest;
}

const shape = /^arbhub-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.sql\.gz$/;

/** The name of a backup taken at an instant (epoch ms). */
export function backupName(at: number): string {
  const stamp = new Date(at).toISOString().replace(/\.\d+/, '').replace(/[-:]/g, '');
  return `arbhub-${stamp}.sql.gz`;
}

/** The instant (epoch ms) in a backup's name; null when it is not one. */
export function instantOf(name: string): number | null {
  const part = shape.exec(name)?.slice(1).map(Number);
  if (part === undefined) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const noteKey = (name: string): string => name.replace(/\.sql\.gz$/, '.json');

/** All finished backups, oldest first, without opening their notes: `provenAt` is null. */
export async function listFinished(shelf: Shelf, signal: AbortSignal): Promise<Backup[]> {
  const keys = (await shelf.list(signal)).map(({ key }) => key);
  const present = new Set(keys);
  return keys.flatMap((name) => {
    const takenAt = instantOf(name);
    return takenAt === null || !present.has(noteKey(name)) ? [] : [{ name, takenAt, provenAt: null }];
  });
}

/** The same with what their notes say; a note that cannot be read makes a backup that is not proven. */
export async function listNoted(
  shelf: Shelf,
  signal: AbortSignal,
): Promise<(Backup & { note: BackupNote | null })[]> {
  const noted: (Backup & { note: BackupNote | null })[] = [];
  for (const backup of await listFinished(shelf, signal)) {
    const note = await readNote(shelf, backup.name, signal);
    noted.push({ ...backup, provenAt: note?.provenAt ?? null, note });
  }
  return noted;
}

async function readNote(shelf: Shelf, name: string, signal: AbortSignal): Promise<BackupNote | null> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of (await shelf.get(noteKey(name), signal)) ?? []) chunks.push(chunk);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as BackupNote;
  } catch {
    return null;
  }
}

export async function writeNote(
  shelf: Shelf,
  name: string,
  note: BackupNote,
  signal: AbortSignal,
): Promise<void> {
  await shelf.put(noteKey(name), Readable.from([Buffer.from(`${JSON.stringify(note, null, 2)}\n`)]), signal);
}

/** The note goes first: what is left of a removal that was cut off is an unfinished backup. */
export async function removeBackup(shelf: Shelf, name: string, signal: AbortSignal): Promise<void> {
  await shelf.remove(noteKey(name), signal);
  await shelf.remove(name, signal);
}

/** Names of files without a note, which nobody will finish any more after a day. */
export async function listForsaken(shelf: Shelf, now: number, signal: AbortSignal): Promise<string[]> {
  const finished = new Set((await listFinished(shelf, signal)).map(({ name }) => name));
  const names = (await shelf.list(signal)).map(({ key }) => key);
  return names.filter((name) => {
    const at = instantOf(name);
    return at !== null && !finished.has(name) && now - at > 86_400_000;
  });
}

/** Size and SHA-256 of what passes through. */
export class ByteMeter {
  bytes = 0;
  readonly #hash = createHash('sha256');

  async *measure(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      this.bytes += chunk.length;
      this.#hash.update(chunk);
      yield chunk;
    }
  }

  /** In hex; once, after the last byte. */
  sha256(): string {
    return this.#hash.digest('hex');
  }
}
