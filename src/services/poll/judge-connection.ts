import type { ConnectionAlertKind } from '../../domain/alert-words.ts';
import { isFailing } from '../../domain/cycle-report.ts';
import type { Failure } from '../../domain/observation.ts';
import type { Sql } from '../../ports/sql.ts';
import { countLastCycle, type CycleCounts } from '../../store/cycles.ts';
import { hastenCheck } from '../../store/connection-tokens.ts';
import {
  countFailedCycles,
  listConnections,
  lockConnection,
  noteVersionWarning,
  setConnectionState,
  type Connection,
} from '../../store/connections.ts';
import { connectionRule, endConnectionAlerts, raiseUnread } from '../connections/connection-alerts.ts';
import type { PollDeps } from './run-cycle.ts';

/** How long Meta's block of a token is left alone. */
const blockedMs = 60 * 60_000;

/** What a sweep came to: accounts that it should have read and those it did, and what Meta warns of. */
export interface SweepResult {
  attempted: number;
  succeeded: number;
  versionWarning: string | null;
}

/**
 * Draws the conclusion of one cycle about one connection: a dead token, a refusal of the whole installation, our own ceiling,
 * or all well again. A sweep is judged by what it came to as well; the success of reading figures is judged when all parts of
 * the cycle are done, by `judgeRates`.
 */
export async function judgeConnection(
  deps: Pick<PollDeps, 'database'>,
  connection: Connection,
  failure: Failure | null,
  sweep: SweepResult | null,
  at: number,
): Promise<void> {
  await deps.database.transaction(async (sql) => {
    const stop = stopOf(failure, at);
    if (failure !== null && stop !== null) {
      const isNews = connection.state !== stop.state;
      await setConnectionState(sql, connection.id, stop.state, failure.detail, at, stop.retryAt);
      // What Meta says of the token itself is asked for at once.
      if (isNews && stop.state === 'token_dead') await hastenCheck(sql, connection.id, at);
      await raiseUnread(sql, connection, stop.alert, failure.detail, at);
      return;
    }
    if (connection.state === 'token_dead' || connection.state === 'stopped') {
      if (failure !== null) return;
      await setConnectionState(sql, connection.id, 'ok', null, at, null);
      for (const kind of ['token_dead', 'connection_stopped'] as const)
        await endConnectionAlerts(sql, connection.id, kind, at);
    }
    if (failure?.kind === 'ceiling')
      await raiseUnread(sql, connection, 'ceiling_reached', failure.detail, at);
    else await endConnectionAlerts(sql, connection.id, 'ceiling_reached', at);
    if (sweep === null) return;
    await noteVersionWarning(sql, connection.id, sweep.versionWarning);
    await judgeSweep(sql, connection, failure, sweep, at);
  });
}

interface Stop {
  state: 'token_dead' | 'stopped';
  alert: ConnectionAlertKind;
  /** When to ask again; null = not before somebody has put it right. */
  retryAt: number | null;
}

function stopOf(failure: Failure | null, at: number): Stop | null {
  switch (failure?.kind) {
    case 'token':
      return { state: 'token_dead', alert: 'token_dead', retryAt: null };
    case 'config':
      return { state: 'stopped', alert: 'connection_stopped', retryAt: null };
    case 'policy':
      return { state: 'stopped', alert: 'connection_stopped', retryAt: at + blockedMs };
    default:
      return null;
  }
}

async function judgeSweep(
  sql: Sql,
  connection: Connection,
  failure: Failure | null,
  { attempted, succeeded }: SweepResult,
  at: number,
): Promise<void> {
  const { thresholds } = await connectionRule(sql, 'polling_failing');
  // A rest that Meta's limits ask for is no failed sweep; when it grows long, the accounts' age tells.
  const isThin = failure === null && isFailing({ attempted, succeeded }, thresholds.percent);
  const hasFailed = isThin || (failure !== null && failure.kind !== 'rate');
  if (!hasFailed && connection.failedCycles === 0) return;
  const inARow = await countFailedCycles(sql, connection.id, hasFailed);
  if (!hasFailed || inARow < thresholds.cycles) return;
  const why = failure?.detail ?? `the last one read ${succeeded} of ${attempted} accounts`;
  await raiseUnread(sql, connection, 'polling_failing', `${inARow} sweeps in a row failed, ${why}`, at);
}

/**
 * Judges the success of the last finished metrics cycle by connection, all its parts together: of a large connection one part
 * can fail while the others are well.
 */
export async function judgeRates({ database, clock }: Pick<PollDeps, 'database' | 'clock'>): Promise<void> {
  const at = await clock.now();
  await database.transaction(async (sql) => {
    const counts = await countLastCycle(sql);
    if (counts.length === 0) return;
    const { thresholds } = await connectionRule(sql, 'polling_failing');
    for (const connection of await listConnections(sql)) {
      const { attempted, succeeded, failures } =
        counts.find((one) => one.connectionId === connection.id) ?? none;
      // Whether a token is dead is the sweep's to find out, and then it says so itself.
      if (connection.state !== 'ok' || failures.some(({ kind }) => kind === 'token')) continue;
      if (isFailing({ attempted, succeeded }, thresholds.percent)) {
        const why = failures.map(({ kind, count }) => `${count} ${kind}`).join(', ');
        const detail = `${succeeded} of ${attempted} accounts were read${why === '' ? '' : ` (${why})`}`;
        const held = await lockConnection(sql, { id: connection.id });
        if (held !== null) await raiseUnread(sql, held, 'polling_failing', detail, at);
      } else if (attempted > 0 && connection.failedCycles === 0)
        await endConnectionAlerts(sql, connection.id, 'polling_failing', at);
    }
  });
}

const none: Omit<CycleCounts, 'connectionId'> = { attempted: 0, succeeded: 0, failures: [] };
