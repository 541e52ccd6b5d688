import { randomUUID } from 'node:crypto';
import type { Archive } from '../../ports/archive.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Database } from '../../ports/sql.ts';

/** Where in its work the archiver stands; told before each of these. */
export type ArchiveMoment =
  | 'merge'
  | 'count'
  | 'copy'
  | 'send'
  | 'read back'
  | 'manifest'
  | 'note copied'
  | 'detach'
  | 'within detach'
  | 'after detach'
  | 'verify'
  | 'repair'
  | 'drop'
  | 'within drop'
  | 'after drop'
  | 'fill'
  | 'attach';

/** What archiving and restoring are handed. */
export interface ArchiveDeps {
  database: Pick<Database, 'sql' | 'transaction'>;
  archive: Archive;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** Names this process in claims. */
  owner: string;
  signal: AbortSignal;
  /** Lets a test stop the work at any moment, as a crash would. */
  onMoment?: (moment: ArchiveMoment, day: string) => void | Promise<void>;
}

/** A name for one run's claims: two runs of one process are two workers. */
export const newWorker = (owner: string): string => `${owner}:${randomUUID().slice(0, 8)}`;

/** Longer than any step takes; a crashed worker's day is free after it. */
export const busyMs = 15 * 60_000;

/**
 * Below PostgreSQL's deadlock_timeout (1 s): in a jam it is the archiver that gives up, never a writer. It also bounds how
 * long the board's queries can queue behind a waiting DETACH.
 */
export const lockTimeoutMs = 800;
