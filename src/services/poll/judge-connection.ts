import type { ConnectionAlertKind } from '../../domain/alert-words.ts';
import { isFailing } from '../../domain/cycle-report.ts';
import type { Failure } from '../../domain/observation.ts';
import type { Sql } from '../../ports/sql.ts';
import { hastenCheck } from '../../store/connection-tokens.ts';
import {
  countFailedCycles,
  noteVersionWarning,
  setConnectionState,
  type Connection,
} from '../../store/connections.ts';
import { endConnectionAlerts, raiseUnread } from '../connections/connection-alerts.ts';
import type { PollDeps } from './run-cycle.ts';

const failedSweepsToTell = 3;
/** How long Meta's block of a token is left alone. */
const blockedMs = 60 * 60_000;

/**
 * Draws the conclusion of one cycle about one connection: a dead token, a refusal of the whole installation, our own ceiling,
 * a poll that keeps failing, or all well again. `counts` is given by the metrics cycle only, whose success rate is judged; a
 * sweep is judged by whether it came through, and it alone tells of the version's warning.
 */
export async function judgeConnection(
  deps: Pick<PollDeps, 'database' | 'log'>,
  connection: Connection,
  failure: Failure | null,
  counts: { attempted: number; succeeded: number } | null,
  at: number,
  versionWarning: string | null = null,
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
    if (counts !== null) return judgeRate(sql, connection, failure, counts, at);
    await noteVersionWarning(sql, connection.id, versionWarning);
    await judgeSweep(sql, connection, failure, at);
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
  at: number,
): Promise<void> {
  // A rest that Meta's limits ask for is no failed sweep; when it grows long, the accounts' age tells.
  const hasFailed = failure !== null && failure.kind !== 'rate';
  if (!hasFailed && connection.failedCycles === 0) return;
  const inARow = await countFailedCycles(sql, connection.id, hasFailed);
  if (hasFailed && inARow >= failedSweepsToTell)
    await raiseUnread(
      sql,
      connection,
      'polling_failing',
      `${inARow} sweeps in a row failed, ${failure.detail}`,
      at,
    );
}

async function judgeRate(
  sql: Sql,
  connection: Connection,
  failure: Failure | null,
  counts: { attempted: number; succeeded: number },
  at: number,
): Promise<void> {
  if (isFailing(counts)) {
    const detail = `${counts.succeeded} of ${counts.attempted} accounts were read${failure === null ? '' : `, ${failure.detail}`}`;
    await raiseUnread(sql, connection, 'polling_failing', detail, at);
  } else if (counts.attempted > 0 && connection.failedCycles === 0) {
    await endConnectionAlerts(sql, connection.id, 'polling_failing', at);
  }
}
