import { addDays, utcDay } from '../../domain/calendar.ts';
import type { Database } from '../../ports/sql.ts';
import { dropOldHours } from '../../store/account-days.ts';
import { dropOldCycles } from '../../store/cycles.ts';
import { dropOldPauses } from '../../store/pauses.ts';
import { deleteOldLinks } from '../../store/one-time-links.ts';
import { packSnapshots } from '../../store/snapshots.ts';

const dayMs = 86_400_000;
const shardsKeptMs = 3 * dayMs;
const cyclesKeptMs = 90 * dayMs;
const hoursKeptDays = 45;
const linksKeptMs = 30 * dayMs;
/** A day of ten thousand accounts is rewritten in one statement. */
const packingMs = 10 * 60_000;

/** Forgets what nobody asks about any more, and packs the snapshots of the day that is over. */
export async function tidy({ database }: { database: Database }, at: number): Promise<void> {
  const { sql } = database;
  await dropOldCycles(sql, at - shardsKeptMs, at - cyclesKeptMs);
  await dropOldPauses(sql, at);
  await deleteOldLinks(sql, at - linksKeptMs);
  await dropOldHours(sql, addDays(utcDay(at), -hoursKeptDays));
  await database.transaction((inner) => packSnapshots(inner, addDays(utcDay(at), -1)), {
    patienceMs: packingMs,
  });
}
