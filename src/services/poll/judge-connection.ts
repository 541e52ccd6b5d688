import { severityOf } from '../../domain/alert.ts';
import { connectionAlertWords } from '../../domain/alert-words.ts';
import { isFailing } from '../../domain/cycle-report.ts';
import type { Failure } from '../../domain/observation.ts';
import { routeAlert } from '../../domain/routing.ts';
import type { Sql } from '../../ports/sql.ts';
import {
  enqueueDeliveries,
  hasOpenConnectionAlert,
  listReachable,
  openAlert,
  resolveConnectionAlerts,
} from '../../store/alerts.ts';
import { countFailedCycles, setConnectionState, type Connection } from '../../store/connections.ts';
import type { PollDeps } from './run-cycle.ts';

const failedSweepsToTell = 3;

/**
 * Draws the conclusion of one cycle about one connection: a dead token, a poll that keeps failing, or all well again.
 * `counts` is given by the metrics cycle only, whose success rate is judged; a sweep is judged by whether it came through.
 */
export async function judgeConnection(
  deps: Pick<PollDeps, 'database' | 'log'>,
  connection: Connection,
  failure: Failure | null,
  counts: { attempted: number; succeeded: number } | null,
  at: number,
): Promise<void> {
  const isTokenDead = failure?.kind === 'token';
  await deps.database.transaction(async (sql) => {
    if (isTokenDead) {
      await setConnectionState(sql, connection.id, 'token_dead', failure.detail, at);
      await raiseOnce(sql, connection, 'token_dead', failure.detail, at);
      return;
    }
    if (connection.state === 'token_dead') {
      if (failure !== null) return;
      await setConnectionState(sql, connection.id, 'ok', null, at);
      await resolveConnectionAlerts(sql, connection.id, 'token_dead', at);
    }
    if (counts === null) await judgeSweep(sql, connection, failure, at);
    else await judgeRate(sql, connection, failure, counts, at);
  });
}

async function judgeSweep(
  sql: Sql,
  connection: Connection,
  failure: Failure | null,
  at: number,
): Promise<void> {
  if (failure === null && connection.failedCycles === 0) return;
  const inARow = await countFailedCycles(sql, connection.id, failure !== null);
  if (failure !== null && inARow >= failedSweepsToTell)
    await raiseOnce(
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
    await raiseOnce(sql, connection, 'polling_failing', detail, at);
  } else if (counts.attempted > 0 && connection.failedCycles === 0) {
    await resolveConnectionAlerts(sql, connection.id, 'polling_failing', at);
  }
}

async function raiseOnce(
  sql: Sql,
  connection: Connection,
  kind: 'token_dead' | 'polling_failing',
  detail: string,
  at: number,
): Promise<void> {
  if (await hasOpenConnectionAlert(sql, connection.id, kind)) return;
  const words = connectionAlertWords(kind, connection.name, detail, connection.accounts);
  const severity = severityOf(kind);
  const key = `connection:${connection.id}:${kind}:${at}`;
  const alertId = await openAlert(
    sql,
    { ...words, key, kind, severity, connectionId: connection.id, accounts: [] },
    at,
  );
  if (alertId !== null)
    await enqueueDeliveries(sql, alertId, routeAlert(severity, await listReachable(sql), []), at);
}
