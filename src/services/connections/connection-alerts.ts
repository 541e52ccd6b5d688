import type { AlertKind, Severity } from '../../domain/alert.ts';
import { connectionAlertWords, type AlertWords, type ConnectionAlertKind } from '../../domain/alert-words.ts';
import { tune, type TunedRule } from '../../domain/rules.ts';
import type { Sql } from '../../ports/sql.ts';
import { listRules } from '../../store/alert-rules.ts';
import { endAlert, hasOpenConnectionAlert, listOpenOfConnection, openAlert } from '../../store/alerts.ts';
import type { Connection } from '../../store/connections.ts';
import { resolveAlert } from '../alerts/resolve-alert.ts';
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
  const alertId = await openAlert(
    sql,
    { ...words, key, kind, severity, subject: null, connectionId, accounts: [] },
    at,
  );
  if (alertId !== null) await tellOf(sql, alertId, at);
  return alertId;
}

/** How a kind of alert about connections is tuned. */
export async function connectionRule<K extends AlertKind>(sql: Sql, kind: K): Promise<TunedRule<K>> {
  return tune(await listRules(sql, [kind]), kind, null, null);
}

/**
 * Says that a connection cannot be read, unless that has been said and still holds, or is to be said to nobody. With a `key` of its own the cause is told
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
  const { isOn, severity } = await connectionRule(sql, kind);
  if (!isOn) return;
  const words = connectionAlertWords(kind, connection.name, detail, connection.accounts);
  await raiseAlert(sql, connection.id, { kind, severity, key, words }, at);
}

/**
 * Ends the open alerts of a kind about a connection and tells those who got them; with `successor`, an alert that says more of
 * the same, without a word.
 */
export async function endConnectionAlerts(
  sql: Sql,
  connectionId: number,
  kind: AlertKind,
  at: number,
  successor: number | null = null,
): Promise<void> {
  for (const id of await listOpenOfConnection(sql, connectionId, kind))
    if (id !== successor) await (successor === null ? resolveAlert : endAlert)(sql, id, at);
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
    await endConnectionAlerts(sql, connectionId, kind, at);
}
