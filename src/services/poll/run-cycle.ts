import {
  addReports,
  emptyReport,
  isDegraded,
  type CycleReport,
  type ShardReport,
} from '../../domain/cycle-report.ts';
import type { FailureKind } from '../../domain/observation.ts';
import type { AccountSource } from '../../ports/account-source.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Database } from '../../ports/sql.ts';
import {
  ClaimLost,
  claimShard,
  finishCycle,
  finishShard,
  isSlotDone,
  lockFinished,
  openCycle,
  releaseClaim,
  renewClaim,
  type Claim,
  type ClaimedShard,
  type CycleKind,
  type ShardPlan,
} from '../../store/cycles.ts';
import type { Connection } from '../../store/connections.ts';
import { hurryDeliveries } from '../../store/alerts.ts';
import { forgetFuture, wasSetBack } from '../../store/set-back.ts';

/** What the cycles need. `sourceOf` answers null while a connection cannot be asked (no token, paused). */
export interface PollDeps {
  database: Database;
  clock: Clock;
  log: Log;
  /** Names this process in claims. */
  owner: string;
  sourceOf(connection: Pick<Connection, 'id' | 'name' | 'kind'>): Promise<AccountSource | null>;
  settings: { sweepMs: number; metricsMs: number };
  /** Aborts when the process is about to end: the cycle stops where it is and its shards are free for whoever comes next. */
  stopSignal?: AbortSignal;
}

/** One run of one shard. `now()` is the database's time of the start plus what has passed since; it asks nobody. */
export interface ShardRun {
  plan: ShardPlan;
  claim: Claim;
  slotAt: number;
  /** Ends the work: the deadline, a stop of the process, or the loss of the claim. */
  signal: AbortSignal;
  now(): number;
}

/** What a shard counts while it runs. */
export class Tally {
  report: ShardReport = { ...emptyReport, failures: {} };

  add(part: Partial<ShardReport>): void {
    this.report = addReports(this.report, { ...emptyReport, ...part });
  }

  fail(kind: FailureKind): void {
    this.add({ failures: { [kind]: 1 } });
  }
}

export type CycleOutcome =
  { outcome: 'ran'; report: CycleReport } | { outcome: 'taken' } | { outcome: 'stopped' };

export interface CycleWork {
  kind: CycleKind;
  intervalMs: number;
  /** Cuts the slot's work into shards; asked once per slot. Without it the cycle is one shard about no connection. */
  plan?: () => Promise<ShardPlan[]>;
  /** How many shards this process does at once. */
  atOnce?: number;
  run(shard: ShardRun, tally: Tally): Promise<void>;
}

type CycleDeps = Pick<PollDeps, 'database' | 'clock' | 'log' | 'owner' | 'stopSignal'>;

const longestRunMs = 55_000;
const leaseMs = 30_000;
const whole: ShardPlan = { connectionId: null, part: 0, parts: 1 };

/**
 * Does the work of the slot that `intervalMs` and the database's clock say: opens it, then takes shard after shard until none
 * is left, beside whatever other processes do the same. Ends by the deadline; what was committed before stays, and a shard
 * that was cut short is free for the next call within the slot.
 */
export async function runCycle(deps: CycleDeps, work: CycleWork): Promise<CycleOutcome> {
  const { database, clock, stopSignal } = deps;
  const at = await clock.now();
  const startedMs = clock.monotonicMs();
  const now = () => Math.round(at + clock.monotonicMs() - startedMs);
  const slot = Math.floor(at / work.intervalMs);
  if (await wasSetBack(database.sql, work.kind, slot, at)) await startOver(deps, work);
  if (await isSlotDone(database.sql, work.kind, slot, at)) return { outcome: 'taken' };
  const plan = (await work.plan?.()) ?? [whole];
  await database.transaction((sql) => openCycle(sql, { kind: work.kind, slot, at, plan }));
  const deadline = AbortSignal.timeout(longestRunMs);
  const signal = stopSignal === undefined ? deadline : AbortSignal.any([deadline, stopSignal]);
  let done: ShardReport | null = null;
  const atOnce = Math.max(1, Math.min(work.atOnce ?? 1, plan.length));
  const workers = Array.from({ length: atOnce }, async () => {
    while (!signal.aborted) {
      const shard = await claimShard(database.sql, {
        ...{ kind: work.kind, slot, owner: deps.owner, leaseMs },
        at: now(),
      });
      if (shard === null) return;
      const counted = await runShard(deps, work, shard, slot, signal, now);
      done = addReports(done ?? emptyReport, counted);
    }
  });
  const failed = (await Promise.allSettled(workers)).find((worker) => worker.status === 'rejected');
  if (stopSignal?.aborted === true) return { outcome: 'stopped' };
  const closed = await closeCycle(deps, work.kind, slot, now());
  await hurryDeliveries(database.sql, at, now());
  // One shard's fault has not kept the others from their work; it is told all the same.
  if (failed !== undefined) throw failed.reason;
  if (closed !== null) return { outcome: 'ran', report: closed };
  return done === null ? { outcome: 'taken' } : { outcome: 'ran', report: toReport(done, now() - at) };
}

/** Without this a clock that was set back would leave nothing to do till it has caught up. */
async function startOver(
  { database, clock, log }: CycleDeps,
  { kind, intervalMs }: CycleWork,
): Promise<void> {
  // Asked again: this process may only have been slow.
  const at = await clock.now();
  if (!(await wasSetBack(database.sql, kind, Math.floor(at / intervalMs), at))) return;
  log.error('clock was set back', { now: new Date(at).toISOString() });
  await database.transaction((sql) => forgetFuture(sql, at));
}

async function runShard(
  deps: CycleDeps,
  work: CycleWork,
  shard: ClaimedShard,
  slot: number,
  signal: AbortSignal,
  now: () => number,
): Promise<ShardReport> {
  const { sql } = deps.database;
  const { claim, report: before, ...plan } = shard;
  const lost = new AbortController();
  const ended = new AbortController();
  const renewing = keepClaim(deps, claim, now, lost, ended.signal);
  const tally = new Tally();
  if (before !== null) tally.report = before as ShardReport;
  const run: ShardRun = {
    plan,
    claim,
    slotAt: slot * work.intervalMs,
    signal: AbortSignal.any([signal, lost.signal]),
    now,
  };
  try {
    await work.run(run, tally);
    for (const { text, tookMs } of deps.database.takeSlow()) {
      tally.add({ slowQueries: 1 });
      deps.log.warn('slow query', { tookMs, text: text.slice(0, 200) });
    }
    if (run.signal.aborted) {
      // What was not reached is not counted as failed: the next run of this slot goes on from here.
      const { succeeded } = tally.report;
      await releaseClaim(sql, claim, { ...tally.report, attempted: succeeded });
      // Nothing is concluded from what was cut short, but it is no secret either.
      deps.log.warn('shard cut short', { cycleId: `${claim.kind}:${claim.slot}`, shard: claim.shard });
    } else await finishShard(sql, claim, now(), tally.report);
    return tally.report;
  } catch (error) {
    await releaseClaim(sql, claim, before).catch(() => {});
    // A stop cuts statements and requests short wherever they are, and a lost claim is another's to go on with.
    if (deps.stopSignal?.aborted === true || lost.signal.aborted || error instanceof ClaimLost)
      return emptyReport;
    throw error;
  } finally {
    ended.abort();
    await renewing;
  }
}

/** Renews the lease at a third of its life until the work has ended; a claim that was taken over ends the work. */
async function keepClaim(
  { database, clock, log }: CycleDeps,
  claim: Claim,
  now: () => number,
  lost: AbortController,
  ended: AbortSignal,
): Promise<void> {
  for (;;) {
    await clock.sleep(leaseMs / 3, ended);
    if (ended.aborted) return;
    try {
      if (await renewClaim(database.sql, claim, now() + leaseMs)) continue;
      log.warn('claim taken over', { cycleId: `${claim.kind}:${claim.slot}`, shard: claim.shard });
      lost.abort();
      return;
    } catch (error) {
      // The next transaction tells whether the claim still stands.
      log.warn('claim not renewed', { cycleId: `${claim.kind}:${claim.slot}`, error: String(error) });
    }
  }
}

/** Ends the slot if all its shards are done, whoever did them; answers its report, once. */
async function closeCycle(
  { database, log }: CycleDeps,
  kind: CycleKind,
  slot: number,
  at: number,
): Promise<CycleReport | null> {
  const report = await database.transaction(async (sql) => {
    const finished = await lockFinished(sql, kind, slot);
    if (finished === null) return null;
    const sum = (finished.reports as ShardReport[]).reduce(addReports, emptyReport);
    const total = toReport(sum, at - finished.startedAt);
    await finishCycle(sql, kind, slot, at, total);
    return total;
  });
  if (report === null) return null;
  const cycleId = `${kind}:${slot}`;
  if (report.isDegraded) log.warn('cycle degraded', { cycleId, ...report });
  else log.info('cycle done', { cycleId, ...report });
  return report;
}

function toReport(sum: ShardReport, durationMs: number): CycleReport {
  return { ...sum, durationMs, isDegraded: isDegraded({ ...sum, durationMs }) };
}
