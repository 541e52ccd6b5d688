import { auditDays } from '../../domain/accuracy.ts';
import { utcDay } from '../../domain/calendar.ts';
import type { Log } from '../../ports/log.ts';
import type { Database } from '../../ports/sql.ts';
import { listComparedDays, writeAudit } from '../../store/audits.ts';

const dayMs = 86_400_000;

/** Compares what was shown live on the last closed day of each account with what Meta says of it now, and keeps the outcome. */
export async function auditAccuracy(
  { database, log }: { database: Database; log: Log },
  at: number,
): Promise<void> {
  const days = await listComparedDays(database.sql, at - dayMs);
  if (days.length === 0) return;
  const audit = auditDays(days);
  await writeAudit(database.sql, utcDay(at), audit, at);
  const { accounts, within, growthCompared, growthApart } = audit;
  log.info('accuracy audited', { accounts, within, growthCompared, growthApart });
}
