import { graceMs, type DayState } from '../../domain/keeping.ts';
import type { Sql } from '../../ports/sql.ts';
import {
  attachDay,
  attachedTable,
  claimDay,
  detachedTable,
  holdTable,
  keepDay,
  listDays,
  lockDay,
  makeDetachedTable,
  releaseDay,
  writeRestored,
  type ArchivedDay,
  type DayCopy,
} from '../../store/archive.ts';
import { busyMs, lockTimeoutMs, newWorker, type ArchiveDeps } from './archive-deps.ts';
import { checkCopy, fingerprint, messageOf } from './day-copy.ts';
import { fillFromCopy } from './fill-from-copy.ts';

/** Where a restored day's rows came from. `joined` = they were put beside newer rows that the day holds by now. */
type RestoredFrom = 'already there' | 'the detached table' | 'the copy' | 'joined';

export type RestoreOutcome =
  { isDone: true; rows: number; from: RestoredFrom } | { isDone: false; problem: string };

/**
 * Brings an archived day (UTC, `YYYY-MM-DD`) back into `snapshots`, row for row, and leaves it there for a week. All or nothing;
 * a day that is back already stays as it is. Refuses, changing nothing, when the copy is not what the books say.
 */
export async function restoreDay(deps: ArchiveDeps, day: string): Promise<RestoreOutcome> {
  const { database, clock } = deps;
  const worker = newWorker(deps.owner);
  const [found] = await listDays(database.sql, day);
  if (found === undefined || found.copy === null) return refused(`${day} was never archived.`);
  const at = await clock.now();
  if (!(await claimDay(database.sql, day, { worker, at, busyMs, isForced: true })))
    return refused(`${day} is being archived or restored at this moment. Try again later.`);
  try {
    return await bringBack(deps, found, found.copy);
  } catch (error) {
    deps.signal.throwIfAborted();
    return refused(`${day} was not restored: ${messageOf(error)}`);
  } finally {
    await releaseDay(database.sql, day, worker, null);
  }
}

const refused = (problem: string): RestoreOutcome => ({ isDone: false, problem });

/** In the other states the rows were never anywhere else. */
const hasLeft: DayState[] = ['detached', 'dropped', 'restored'];

async function bringBack(deps: ArchiveDeps, found: ArchivedDay, copy: DayCopy): Promise<RestoreOutcome> {
  const { database, archive, clock, signal, onMoment } = deps;
  const { day } = found;
  const at = await clock.now();
  const from = { state: found.state, sha256: copy.sha256 };
  const isEqual = async (sql: Sql, table: string): Promise<boolean> => {
    const now = await fingerprint(sql, table, copy.columns, signal);
    return now.rows === copy.rows && now.sha256 === copy.sha256;
  };

  /** Runs `work` with the day's row locked, and notes the day as restored. */
  const settle = (work: (sql: Sql) => Promise<RestoredFrom>): Promise<RestoreOutcome> =>
    database.transaction(async (sql) => {
      if (!(await lockDay(sql, day, from))) throw new Error('somebody else changed it meanwhile.');
      const source = await work(sql);
      await writeRestored(sql, day, at, at + graceMs);
      return { isDone: true, rows: copy.rows, from: source };
    });

  if (!hasLeft.includes(found.state)) {
    await keepDay(database.sql, day, at + graceMs);
    return { isDone: true, rows: copy.rows, from: 'already there' };
  }
  if (found.isAttached && (await isEqual(database.sql, attachedTable(day))))
    return settle(async () => 'already there');
  if (found.isDetached && !found.isAttached) {
    return settle(async (sql) => {
      await holdTable(sql, detachedTable(day), lockTimeoutMs);
      if (!(await isEqual(sql, detachedTable(day))))
        throw new Error('the detached rows differ from its books.');
      await onMoment?.('attach', day);
      await attachDay(sql, day);
      return 'the detached table';
    });
  }
  const problem = await checkCopy(archive, day, copy, signal);
  if (problem !== null) return refused(`${day} was not restored: ${problem}.`);
  return settle(async (sql) => {
    const table = found.isAttached ? attachedTable(day) : detachedTable(day);
    if (!found.isAttached) await makeDetachedTable(sql, day);
    await onMoment?.('fill', day);
    await fillFromCopy(deps, sql, table, copy);
    const isWhole = await isEqual(sql, table);
    if (found.isAttached) return isWhole ? 'the copy' : 'joined';
    if (!isWhole) throw new Error('the rows came back otherwise than they left.');
    await onMoment?.('attach', day);
    await attachDay(sql, day);
    return 'the copy';
  });
}
