import { backupsToRemove, isBackupDue, isProofDue } from '../../domain/keeping.ts';
import type { Shelf } from '../../ports/archive.ts';
import type { Clock } from '../../ports/clock.ts';
import type { DumpManifest, Dumps } from '../../ports/dumps.ts';
import type { Log } from '../../ports/log.ts';
import {
  backupName,
  ByteMeter,
  listFinished,
  listForsaken,
  listNoted,
  removeBackup,
  writeNote,
} from './backup-shelf.ts';

export interface BackUpDeps {
  dumps: Dumps;
  shelf: Shelf;
  clock: Pick<Clock, 'now' | 'monotonicMs'>;
  log: Log;
  signal: AbortSignal;
}

export interface BackUpReport {
  name: string;
  bytes: number;
  rows: number;
  /** Whether this one was restored into a fresh database and compared; the first is, and each tenth. */
  isProven: boolean;
  removed: string[];
}

/**
 * Dumps the database onto the shelf and reads the file back; each tenth is restored and compared. Only then what is beyond the
 * newest 48 is removed. Throws when any of it fails; older backups are then all left where they are.
 */
export async function backUp({ dumps, shelf, clock, log, signal }: BackUpDeps): Promise<BackUpReport> {
  const startedMs = clock.monotonicMs();
  const name = backupName(await clock.now());
  const sent = new ByteMeter();
  const manifest = await dumps.dump((file) => shelf.put(name, sent.measure(file), signal), signal);
  const file = { bytes: sent.bytes, sha256: sent.sha256() };
  const there = await measure(shelf, name, signal);
  if (there.sha256 !== file.sha256) {
    await shelf.remove(name, signal);
    throw new Error(
      `The backup was read back otherwise than it was written (${there.bytes} of ${file.bytes} bytes).`,
    );
  }
  await writeNote(shelf, name, { ...file, provenAt: null, manifest }, signal);

  const isProven = isProofDue(await listNoted(shelf, signal));
  if (isProven) {
    await prove(dumps, shelf, name, manifest, signal);
    await writeNote(shelf, name, { ...file, provenAt: await clock.now(), manifest }, signal);
  }
  const beyond = backupsToRemove(await listNoted(shelf, signal)).map((backup) => backup.name);
  const removed = [...beyond, ...(await listForsaken(shelf, await clock.now(), signal))];
  for (const old of removed) await removeBackup(shelf, old, signal);
  const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  const report = { name, bytes: file.bytes, rows, isProven, removed };
  log.info('backed up', { ...report, durationMs: Math.round(clock.monotonicMs() - startedMs) });
  return report;
}

async function measure(
  shelf: Shelf,
  name: string,
  signal: AbortSignal,
): Promise<{ bytes: number; sha256: string }> {
  const meter = new ByteMeter();
  for await (const chunk of meter.measure((await shelf.get(name, signal)) ?? none())) void chunk;
  return { bytes: meter.bytes, sha256: meter.sha256() };
}

async function* none(): AsyncGenerator<Uint8Array> {}

async function prove(
  dumps: Dumps,
  shelf: Shelf,
  name: string,
  manifest: DumpManifest,
  signal: AbortSignal,
): Promise<void> {
  const open = async (): Promise<AsyncIterable<Uint8Array>> => (await shelf.get(name, signal)) ?? none();
  try {
    const restored = await dumps.rehearse(open, signal);
    if (JSON.stringify(restored) !== JSON.stringify(manifest)) throw new Error('it holds something else');
  } catch (error) {
    signal.throwIfAborted();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The backup ${name} could not be restored: ${reason}`, { cause: error });
  }
}

/** A start has better things to do. */
const quietAtFirstMs = 120_000;
const retryAfterMs = 600_000;

/** Makes the timer's function: call it about once a minute, and it backs up when an hour has passed since the last backup. */
export function hourlyBackup(deps: BackUpDeps): () => Promise<void> {
  const { shelf, clock, signal } = deps;
  let notBeforeMs = clock.monotonicMs() + quietAtFirstMs;
  return async () => {
    if (clock.monotonicMs() < notBeforeMs) return;
    if (!isBackupDue(await listFinished(shelf, signal), await clock.now())) return;
    notBeforeMs = clock.monotonicMs() + retryAfterMs;
    try {
      await backUp(deps);
    } catch (error) {
      // Cut off by a stop: the next start begins anew.
      if (!signal.aborted) throw error;
    }
  };
}
