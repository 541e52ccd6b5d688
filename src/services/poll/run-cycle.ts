import { isDegraded, type CycleReport } from '../../domain/cycle-report.ts';
import type { FailureKind } from '../../domain/observation.ts';
import type { AccountSource, SourceUsage } from '../../ports/account-source.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Database } from '../../ports/sql.ts';
import { claimSlot, finishCycle, releaseClaim, type Claim, type CycleKind } from '../../store/cycles.ts';
import type { Connection } from '../../store/connections.ts';

/** What the cycles need. `sourceOf` answers null while a connection cannot be asked (no token, paused). */
export interface PollDeps {
  database: Database;
  clock: Clock;
  log: Log;
  /** Names this process in claims. */
  owner: string;
  sourceOf(connection: Pick<Connection, 'name' | 'kind'>): AccountSource | null;
  settings: { sweepMs: number; metricsMs: number };
  /** Aborts when the process is about to end: the cycle stops where it is and its slot is free for whoever comes next. */
  stopSignal?: AbortSignal;
}

/** One run of one slot. `now()` is the database's time of the start plus what has passed since; it asks nobody. */
export interface Cycle {
  claim: Claim;
  slotAt: number;
  signal: AbortSignal;
  now(): number;
}

/** What a cycle counts while it runs. */
export class Tally {
  attempted = 0;
  succeeded = 0;
  changed = 0;
  failures: Partial<Record<FailureKind, number>> = {};
  usage: SourceUsage[] = [];

  fail(kind: FailureKind): void {
    this.failures[kind] = (this.failures[kind] ?? 0) + 1;
  }
}

export type CycleOutcome =
  { outcome: 'ran'; report: CycleReport } | { outcome: 'taken' } | { outcome: 'stopped' };

const longestRunMs = 55_000;
const leaseMarginMs = 15_000;

/**
 * Runs `work` for the slot that `intervalMs` and the database's clock say, unless it is done or somebody is at it.
 * Ends by the deadline; what was committed before stays, and the report says how far it came.
 */
export async function runCycle(
  deps: Pick<PollDeps, 'database' | 'clock' | 'log' | 'owner' | 'stopSignal'>,
  kind: CycleKind,
  intervalMs: number,
  work: (cycle: Cycle, tally: Tally) => Promise<void>,
): Promise<CycleOutcome> {
  const { database, clock, log, owner, stopSignal } = deps;
  const at = await clock.now();
  const startedMs = clock.monotonicMs();
  const slot = Math.floor(at / intervalMs);
  const claim = await claimSlot(database.sql, {
    kind,
    slot,
    owner,
    at,
    leaseMs: longestRunMs + leaseMarginMs,
  });
  if (claim === null) return { outcome: 'taken' };
  const now = () => Math.round(at + clock.monotonicMs() - startedMs);
  const tally = new Tally();
  const deadline = AbortSignal.timeout(longestRunMs);
  const signal = stopSignal === undefined ? deadline : AbortSignal.any([deadline, stopSignal]);
  try {
    await work({ claim, slotAt: slot * intervalMs, signal, now }, tally);
    // What a stop cut short says nothing about Meta, so nothing is concluded from it.
    stopSignal?.throwIfAborted();
  } catch (error) {
    if (stopSignal?.aborted !== true) throw error;
    await releaseClaim(database.sql, claim, now());
    return { outcome: 'stopped' };
  }
  const report = toReport(tally, Math.round(clock.monotonicMs() - startedMs));
  await finishCycle(database.sql, claim, now(), report);
  const cycleId = `${kind}:${slot}`;
  if (report.isDegraded) log.warn('cycle degraded', { cycleId, ...report });
  else log.info('cycle done', { cycleId, ...report });
  return { outcome: 'ran', report };
}

function toReport(tally: Tally, durationMs: number): CycleReport {
  const { attempted, succeeded, changed, failures, usage } = tally;
  const highest = <T extends number>(pick: (u: SourceUsage) => T | null): T | null =>
    usage.reduce<T | null>((most, u) => {
      const value = pick(u);
      return value === null || (most !== null && most >= value) ? most : value;
    }, null);
  const sum = (pick: (u: SourceUsage) => number) => usage.reduce((total, u) => total + pick(u), 0);
  const requests = sum((u) => u.requests);
  return {
    attempted,
    succeeded,
    changed,
    failures,
    durationMs,
    requests,
    countedCalls: sum((u) => u.countedCalls),
    meanMs: requests === 0 ? null : Math.round(sum((u) => (u.meanMs ?? 0) * u.requests) / requests),
    p95Ms: highest((u) => u.p95Ms),
    highestUsagePercent: highest((u) => u.highestUsagePercent),
    versionWarning: usage.find((u) => u.versionWarning !== null)?.versionWarning ?? null,
    isDegraded: isDegraded({ attempted, succeeded, durationMs }),
  };
}
