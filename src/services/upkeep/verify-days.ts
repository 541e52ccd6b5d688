import { listDays } from '../../store/archive.ts';
import type { ArchiveDeps } from './archive-deps.ts';
import { checkCopy } from './day-copy.ts';

/** One archived day and what is wrong with its copy; null = it reads as it was written. */
export interface VerifiedDay {
  day: string;
  state: string;
  rows: number;
  key: string;
  problem: string | null;
}

/** Reads the copies of all archived days, or of one, to their end and compares them with the books. */
export async function verifyDays(
  { database, archive, signal }: Pick<ArchiveDeps, 'database' | 'archive' | 'signal'>,
  only: string | null,
): Promise<VerifiedDay[]> {
  const verified: VerifiedDay[] = [];
  for (const { day, state, copy } of await listDays(database.sql, only)) {
    if (copy === null || copy.object === null) continue;
    const problem = await checkCopy(archive, day, copy, signal);
    verified.push({ day, state, rows: copy.rows, key: copy.object.key, problem });
  }
  return verified;
}
