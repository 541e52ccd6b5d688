import { addDays, utcDay } from './calendar.ts';

/** How long things are kept, and what may happen to a day of snapshots next. */

const daysInTable = 30;
const dayMs = 86_400_000;
const hourMs = 3_600_000;

/** How long a detached day's rows stay, and how long a restored day is left alone. */
export const graceMs = 7 * dayMs;

/** The newest UTC day (`YYYY-MM-DD`) of which every instant is more than 30 days old. */
export function lastDayToArchive(now: number): string {
  return addDays(utcDay(now), -(daysInTable + 1));
}

export type DayState = 'due' | 'counted' | 'copied' | 'detached' | 'dropped' | 'restored';

/** Where a day stands: what the books say, and where its rows are. */
export interface DayStanding {
  state: DayState;
  isAttached: boolean;
  isDetached: boolean;
  /** Epoch ms. */
  detachedAt: number | null;
}

export type DayStep = 'merge' | 'count' | 'copy' | 'detach' | 'drop';

/**
 * What brings an old day closer to the archive; null = nothing, or not yet. A detached table comes first: while it is there the
 * books describe it and nothing else. A day that has rows again after it left is made whole from its copy before it is counted.
 */
export function nextStep(day: DayStanding, now: number): DayStep | null {
  if (day.isDetached) return day.detachedAt !== null && now - day.detachedAt >= graceMs ? 'drop' : null;
  if (!day.isAttached) return null;
  switch (day.state) {
    case 'due':
    case 'restored':
      return 'count';
    case 'counted':
      return 'copy';
    case 'copied':
      return 'detach';
    case 'detached':
    case 'dropped':
      return 'merge';
  }
}

/** Milliseconds to wait after the given number of failures in a row (1 = the first): five minutes, doubling, at most a day. */
export function retryDelayMs(failures: number): number {
  return Math.min(5 * 60_000 * 2 ** (failures - 1), dayMs);
}

/** One backup on the shelf. */
export interface Backup {
  name: string;
  /** Epoch ms. */
  takenAt: number;
  /** When it was restored into a fresh database and found equal; null = not tried. */
  provenAt: number | null;
}

const backupsKept = 48;
const backupsPerProof = 10;

/** Whether an hour has passed since the newest; a clock that was set back does not stop backups. */
export function isBackupDue(backups: readonly Backup[], now: number): boolean {
  const newest = Math.max(-Infinity, ...backups.map(({ takenAt }) => takenAt));
  return now - newest >= hourMs || newest - now > hourMs;
}

/** Whether the newest is to be restored for proof: the first, and then each tenth. */
export function isProofDue(backups: readonly Backup[]): boolean {
  return newestFirst(backups)
    .slice(0, backupsPerProof)
    .every(({ provenAt }) => provenAt === null);
}

/** What is beyond the newest 48. The newest proven one stays whatever its age. */
export function backupsToRemove(backups: readonly Backup[]): Backup[] {
  const ordered = newestFirst(backups);
  const proven = ordered.find(({ provenAt }) => provenAt !== null);
  return ordered.slice(backupsKept).filter((backup) => backup !== proven);
}

function newestFirst(backups: readonly Backup[]): Backup[] {
  return [...backups].sort((a, b) => b.takenAt - a.takenAt);
}
