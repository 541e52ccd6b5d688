import { emptyReport, type CycleReport } from '../domain/cycle-report.ts';
import type { Sql } from '../ports/sql.ts';

/** What tells whether the product works. Instants are epoch ms. */
export interface Pulse {
  /** End of the last metrics cycle in which an account succeeded, or in which there was none to read: `isAlive`. */
  synced_at: number | null;
  /** Of the last finished metrics cycle, whatever came of it. */
  attempted: number | null;
  succeeded: number | null;
  accounts: number;
  /** When the oldest delivery that nobody has sent yet became due; null when none waits. */
  oldest_due_at: number | null;
}

/** Reads cycles, accounts and deliveries in one statement. */
export async function readPulse(sql: Sql): Promise<Pulse> {
  const [pulse] = await sql<Pulse>`
    select
      (select finished_at from cycles
        where kind = 'metrics' and finished_at is not null
          and ((report->>'succeeded')::int > 0
            or (report->>'attempted')::int = 0 and coalesce((report->>'unasked')::int, 0) = 0)
        order by finished_at desc limit 1) as synced_at,
      last.attempted, last.succeeded,
      (select count(*) from accounts where archived_at is null) as accounts,
      (select min(due_at) from deliveries where state in ('pending', 'retry', 'claimed')) as oldest_due_at
    from (select 1) one
    left join lateral (
      select (report->>'attempted')::int as attempted, (report->>'succeeded')::int as succeeded
      from cycles
      where kind = 'metrics' and finished_at is not null
      order by finished_at desc limit 1
    ) last on true`;
  if (!pulse) throw new Error('The database told nothing about the cycles.');
  return pulse;
}

/** When the last finished status cycle ended (epoch ms); null before the first one. */
export async function readCheckedAt(sql: Sql): Promise<number | null> {
  const [cycle] = await sql<{ finished_at: number }>`
    select finished_at from cycles
    where kind = 'status' and finished_at is not null
    order by finished_at desc limit 1`;
  return cycle?.finished_at ?? null;
}

/** The last finished cycle of a kind. */
export interface LastCycle {
  finishedAt: number;
  report: CycleReport;
}

export async function readLastCycle(sql: Sql, kind: 'status' | 'metrics'): Promise<LastCycle | null> {
  const [cycle] = await sql<{ finishedAt: number; report: Partial<CycleReport> }>`
    select finished_at as "finishedAt", report from cycles
    where kind = ${kind} and finished_at is not null
    order by finished_at desc limit 1`;
  if (cycle === undefined) return null;
  // A report of an earlier release lacks what was not counted then.
  return { ...cycle, report: { ...emptyReport, durationMs: 0, isDegraded: false, ...cycle.report } };
}
