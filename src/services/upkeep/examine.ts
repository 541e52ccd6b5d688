import { diagnose } from '../../domain/doctor.ts';
import type { DoctorFacts, Finding } from '../../domain/doctor-facts.ts';
import type { Shelf } from '../../ports/archive.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Sealer } from '../../ports/sealer.ts';
import type { Database } from '../../ports/sql.ts';
import { readAudits } from '../../store/audits.ts';
import {
  listArchiveProblems,
  listChannelHealth,
  listPatients,
  readCounts,
  readLastEnd,
} from '../../store/doctor.ts';
import { readLastCycle, readPulse } from '../../store/health.ts';
import { listPauses } from '../../store/pauses.ts';
import { listSealed } from '../../store/sealed-rows.ts';
import { countDeliveries } from '../../store/system.ts';
import { listNoted } from './backup-shelf.ts';

export interface ExamineDeps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
  sealer: Pick<Sealer, 'open'>;
  settings: { sweepMs: number; metricsMs: number };
  backups: { shelf: Shelf; isHourly: boolean } | null;
}

/** What only the machine itself knows. */
export type MachineFacts = Pick<DoctorFacts, 'settings' | 'skewMs' | 'disk' | 'isServed'>;

const weekMs = 7 * 86_400_000;

/** Looks at everything that may be wrong, and changes nothing. */
export async function examine(
  deps: ExamineDeps,
  machine: MachineFacts,
  signal: AbortSignal,
): Promise<Finding[]> {
  const { sql } = deps.database;
  const now = await deps.clock.now();
  const { watched, withoutLimit, ...counts } = await readCounts(sql, now);
  const [metrics, pulse, deliveries, [audit]] = await Promise.all([
    readLastCycle(sql, 'metrics'),
    readPulse(sql),
    countDeliveries(sql, now - weekMs),
    readAudits(sql, 1),
  ]);
  return diagnose({
    ...machine,
    ...deps.settings,
    ...counts,
    now,
    accounts: { watched, withoutLimit },
    unopened: await listUnopened(deps),
    connections: await listPatients(sql),
    cycles: {
      status: await readLastEnd(sql, 'status'),
      daily: await readLastEnd(sql, 'daily'),
      metrics: metrics === null ? null : { ...metrics.report, finishedAt: metrics.finishedAt },
    },
    pauses: await listPauses(sql, now),
    channels: await listChannelHealth(sql),
    deliveries: { oldestDueAt: pulse.oldest_due_at, dead: deliveries.dead },
    backups: await readBackups(deps, signal),
    archiveProblems: await listArchiveProblems(sql),
    audit: audit ?? null,
  });
}

const names: Readonly<Record<string, string>> = {
  connection_token: 'the token of connection',
  channel: 'the settings of channel',
};

async function listUnopened({ database, sealer }: ExamineDeps): Promise<string[]> {
  return (await listSealed(database.sql))
    .filter(({ sealed, purpose, rowId }) => !sealer.open(sealed, purpose, rowId).ok)
    .map(({ purpose, rowId }) => `${names[purpose] ?? 'the secret'} ${rowId}`);
}

async function readBackups({ backups }: ExamineDeps, signal: AbortSignal): Promise<DoctorFacts['backups']> {
  if (backups === null) return null;
  const noted = await listNoted(backups.shelf, signal);
  const newest = (moments: (number | null)[]) => {
    const known = moments.filter((moment) => moment !== null);
    return known.length === 0 ? null : Math.max(...known);
  };
  return {
    newestAt: newest(noted.map(({ takenAt }) => takenAt)),
    provenAt: newest(noted.map(({ provenAt }) => provenAt)),
    isHourly: backups.isHourly,
  };
}
