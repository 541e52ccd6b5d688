import { lastDayToArchive, nextStep, retryDelayMs, type DayStep } from '../../domain/keeping.ts';
import {
  attachDay,
  attachedTable,
  claimDay,
  detachDay,
  detachedTable,
  dropDay,
  holdTable,
  listDays,
  lockDay,
  releaseDay,
  renewClaim,
  writeCopied,
  writeCounted,
  writeDue,
  type ArchivedDay,
  type DayCopy,
  type From,
  type StoredObject,
} from '../../store/archive.ts';
import { busyMs, lockTimeoutMs, newWorker, type ArchiveDeps } from './archive-deps.ts';
import {
  checkCopy,
  difference,
  fingerprint,
  messageOf,
  newKey,
  readCopy,
  sendCopy,
  writeManifest,
} from './day-copy.ts';
import { fillFromCopy } from './fill-from-copy.ts';

export interface ArchiveReport {
  /** Days that left the table, days whose rows are now only in the archive, days that met a problem. */
  detached: string[];
  dropped: string[];
  failed: string[];
}

/** Another worker moved the day on; what it left behind is looked at anew. */
class Overtaken extends Error {}

/** A day that does not come to rest by then is written to while it is archived. */
const mostSteps = 12;

/**
 * Brings every day of snapshots that is more than 30 days old as far towards the archive as it can go now. Rows leave the table
 * only when they equal a copy that was read back, and are dropped a week later when that copy still reads the same. Any step may
 * be cut off and is taken up again; several workers do no harm. Problems of one day are noted in its books and hold up no other.
 */
export async function archiveOldDays(deps: ArchiveDeps): Promise<ArchiveReport> {
  const { database, clock, log, owner, signal } = deps;
  const worker = newWorker(owner);
  const report: ArchiveReport = { detached: [], dropped: [], failed: [] };
  const last = lastDayToArchive(await clock.now());
  for (const found of await listDays(database.sql)) {
    signal.throwIfAborted();
    const { day } = found;
    const at = await clock.now();
    if (day > last || nextStep(found, at) === null) continue;
    if (!(await claimDay(database.sql, day, { worker, at, busyMs, isForced: false }))) continue;
    try {
      await advance(deps, worker, day, report);
      await releaseDay(database.sql, day, worker, null);
    } catch (error) {
      if (signal.aborted) {
        await releaseDay(database.sql, day, worker, null);
        throw error;
      }
      const problem = messageOf(error);
      report.failed.push(day);
      log.warn('day not archived', { day, problem });
      const retryAt = (await clock.now()) + retryDelayMs(found.failures + 1);
      await releaseDay(database.sql, day, worker, { problem, retryAt });
    }
  }
  return report;
}

const steps: Record<DayStep, (deps: ArchiveDeps, found: ArchivedDay) => Promise<void>> = {
  merge,
  count,
  copy,
  detach,
  drop,
};

async function advance(deps: ArchiveDeps, worker: string, day: string, report: ArchiveReport): Promise<void> {
  const { database, clock, log, signal } = deps;
  let [found] = await listDays(database.sql, day);
  for (let taken = 0; taken < mostSteps; taken += 1) {
    signal.throwIfAborted();
    const at = await clock.now();
    const step = found === undefined ? null : nextStep(found, at);
    if (found === undefined || step === null) return;
    if (!(await renewClaim(database.sql, day, { worker, at, busyMs }))) return;
    await deps.onMoment?.(step, day);
    try {
      await steps[step](deps, found);
    } catch (error) {
      if (!(error instanceof Overtaken)) throw error;
    }
    [found] = await listDays(database.sql, day);
    const facts = { day, rows: found?.copy?.rows, key: found?.copy?.object?.key };
    if (step === 'detach' && found?.state === 'detached') {
      report.detached.push(day);
      log.info('day archived', facts);
    }
    if (step === 'drop' && found?.state === 'dropped') {
      report.dropped.push(day);
      log.info('archived day dropped', facts);
    }
  }
  throw new Error('The day changes while it is archived.');
}

const fromOf = ({ state, copy }: ArchivedDay): From => ({ state, sha256: copy?.sha256 ?? null });

function must(isDone: boolean): void {
  if (!isDone) throw new Overtaken();
}

function copyOf({ copy }: ArchivedDay): DayCopy {
  if (copy === null) throw new Error('The day has not been counted.');
  return copy;
}

/** Rows were written into a day that had left: its old rows come back first, then it is archived as a whole. */
async function merge(deps: ArchiveDeps, found: ArchivedDay): Promise<void> {
  const { database } = deps;
  await database.transaction(async (sql) => {
    must(await lockDay(sql, found.day, fromOf(found)));
    await fillFromCopy(deps, sql, attachedTable(found.day), copyOf(found));
    must(await writeDue(sql, found.day, fromOf(found)));
  });
}

async function count({ database, signal }: ArchiveDeps, found: ArchivedDay): Promise<void> {
  const measured = await fingerprint(database.sql, attachedTable(found.day), null, signal);
  must(await writeCounted(database.sql, found.day, fromOf(found), measured));
}

async function copy(deps: ArchiveDeps, found: ArchivedDay): Promise<void> {
  const { database, archive, clock, signal, onMoment } = deps;
  const { day } = found;
  const wanted = copyOf(found);
  // A day that was restored and has not changed has its copy already.
  const isThere = (await checkCopy(archive, day, wanted, signal)) === null;
  const object = isThere ? wanted.object : await writeCopy(deps, day, attachedTable(day), wanted);
  // The table changed since it was counted.
  if (object === null) return must(await writeDue(database.sql, day, fromOf(found)));
  await onMoment?.('note copied', day);
  must(await writeCopied(database.sql, day, fromOf(found), object, await clock.now()));
}

/** Writes a copy under a key of its own and reads it back; null when the table no longer holds the wanted rows. */
async function writeCopy(
  { database, archive, signal, onMoment }: ArchiveDeps,
  day: string,
  table: string,
  wanted: DayCopy,
): Promise<StoredObject | null> {
  const key = newKey(day, wanted.sha256);
  await onMoment?.('send', day);
  const sent = await sendCopy(database.sql, table, wanted.columns, archive, key, signal);
  if (sent.sha256 !== wanted.sha256) return null;
  await onMoment?.('read back', day);
  const there = await readCopy(archive, key, signal);
  const problem = difference(there, { ...wanted, object: null });
  if (problem !== null || there === null) throw new Error(`Read back from the archive, ${problem}.`);
  await onMoment?.('manifest', day);
  await writeManifest(archive, day, wanted, there.object, signal);
  return there.object;
}

async function detach(deps: ArchiveDeps, found: ArchivedDay): Promise<void> {
  const { database, clock, signal, onMoment } = deps;
  const { day } = found;
  const at = await clock.now();
  await database.transaction(async (sql) => {
    must(await lockDay(sql, day, fromOf(found)));
    await holdTable(sql, attachedTable(day), lockTimeoutMs);
    // All columns, not the copy's: one that was added since is not in the copy.
    const now = await fingerprint(sql, attachedTable(day), null, signal);
    const isSame = now.sha256 === copyOf(found).sha256 && now.rows === copyOf(found).rows;
    if (!isSame) return must(await writeDue(sql, day, fromOf(found)));
    await onMoment?.('within detach', day);
    await detachDay(sql, day, at);
    await onMoment?.('after detach', day);
  });
}

async function drop(deps: ArchiveDeps, found: ArchivedDay): Promise<void> {
  const { database, archive, clock, signal, onMoment } = deps;
  const { day } = found;
  const wanted = copyOf(found);
  await onMoment?.('verify', day);
  const problem = await checkCopy(archive, day, wanted, signal);
  if (problem !== null) return repair(deps, found, problem);
  await onMoment?.('drop', day);
  const at = await clock.now();
  await database.transaction(async (sql) => {
    must(await lockDay(sql, day, fromOf(found)));
    await holdTable(sql, detachedTable(day), lockTimeoutMs);
    const now = await fingerprint(sql, detachedTable(day), wanted.columns, signal);
    if (now.sha256 === wanted.sha256 && now.rows === wanted.rows) {
      await onMoment?.('within drop', day);
      await dropDay(sql, day, at);
      await onMoment?.('after drop', day);
      return;
    }
    // Somebody wrote into the detached table: back with it, to be archived as it is now.
    if (found.isAttached) throw new Error('The detached rows differ from their copy.');
    await attachDay(sql, day);
    must(await writeDue(sql, day, fromOf(found)));
  });
}

/** The copy is bad and the rows are still here: writes another. A storage that lost one is not trusted at once: the week begins anew. */
async function repair(deps: ArchiveDeps, found: ArchivedDay, damage: string): Promise<void> {
  const { database, clock, onMoment } = deps;
  const { day } = found;
  await onMoment?.('repair', day);
  const object = await writeCopy(deps, day, detachedTable(day), copyOf(found));
  if (object === null) throw new Error(`Not dropped: ${damage}, and the detached rows differ too.`);
  must(await writeCopied(database.sql, day, fromOf(found), object, await clock.now()));
  throw new Error(`Not dropped: ${damage}. Another copy was written.`);
}
