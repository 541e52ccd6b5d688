import { severityOf, type AlertKind, type Severity } from '../../domain/alert.ts';
import { connectionAlertWords, type AlertWords, type ConnectionAlertKind } from '../../domain/alert-words.ts';
import type { Sql } from '../../ports/sql.ts';
import { hasOpenConnectionAlert, openAlert, resolveConnectionAlerts } from '../../store/alerts.ts';
import type { Connection } from '../../store/connections.ts';
import { tellOf } from '../alerts/tell.ts';

interface ConnectionAlert {
  kind: AlertKind;
  severity: Severity;
  /** Names the cause once and for all. */
  key: string;
  words: AlertWords;
}

/** Opens an alert about a connection with its deliveries. Null when this cause has opened one before; otherwise its id. */
export async function raiseAlert(
  sql: Sql,
  connectionId: number,
  { kind, severity, key, words }: ConnectionAlert,
  at: number,
): Promise<number | null> {
  const alertId = await openAlert(sql, { ...words, key, kind, severity, connectionId, accounts: [] }, at);
  if (alertId !== null) await tellOf(sql, alertId, at);
  return alertId;
}

/**
 * Says that a connection cannot be read, unless that has been said and still holds. With a `key` of its own the cause is told
 * once and never again. The caller holds the connection's row.
 */
export async function raiseUnread(
  sql: Sql,
  connection: Connection,
  kind: ConnectionAlertKind,
  detail: string,
  at: number,
  key = `connection:${connection.id}:${kind}:${at}`,
): Promise<void> {
  if (await hasOpenConnectionAlert(sql, connection.id, kind)) return;
  const words = connectionAlertWords(kind, connection.name, detail, connection.accounts);
  await raiseAlert(sql, connection.id, { kind, severity: severityOf(kind), key, words }, at);
}

/** Ends what was said about a connection's token: it has another one now, or is not read any more. */
export async function endTokenAlerts(sql: Sql, connectionId: number, at: number): Promise<void> {
  for (const kind of [
    'token_dead',
    'connection_stopped',
    'ceiling_reached',
    'token_expiring',
    'polling_failing',
  ] as const)
    await resolveConnectionAlerts(sql, connectionId, kind, at);
}
