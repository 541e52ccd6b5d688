import { expiryAlertWords } from '../../domain/alert-words.ts';
import {
  firstExpiry,
  lacksReading,
  severityOfLevel,
  warnLevelOf,
  type TokenFacts,
} from '../../domain/token-life.ts';
import type { Sql } from '../../ports/sql.ts';
import { lockConnection, setConnectionState, type Connection } from '../../store/connections.ts';
import { findToken, type TokenRow } from '../../store/connection-tokens.ts';
import { endConnectionAlerts, connectionRule, raiseAlert, raiseUnread } from './connection-alerts.ts';
import type { ConnectionsDeps } from './connections-deps.ts';

type Deps = Pick<ConnectionsDeps, 'database' | 'log' | 'tokenOffice'>;

const doesNotOpen = 'its token does not open';

/** A token that no known key opens stops its connection and says so; every other one works on. */
export async function judgeUnopened(deps: Deps, row: TokenRow, problem: string, at: number): Promise<void> {
  await withConnection(deps, row, async (sql, connection) => {
    deps.log.error('a stored token does not open', { connection: connection.name, problem });
    if (connection.state === 'paused') return;
    const reason = `${doesNotOpen}: ${problem}. Put that key into ENCRYPTION_KEY_PREVIOUS, or replace the token`;
    await setConnectionState(sql, connection.id, 'stopped', reason, at);
    await raiseUnread(sql, connection, 'polling_failing', reason, at);
  });
}

/** The token opens: a connection that had stopped because it did not works again. */
export async function judgeOpened(deps: Deps, row: TokenRow, at: number): Promise<void> {
  await withConnection(deps, row, async (sql, { id, state, stateReason }) => {
    if (state !== 'stopped' || stateReason?.startsWith(doesNotOpen) !== true) return;
    await setConnectionState(sql, id, 'ok', null, at);
    await endConnectionAlerts(sql, id, 'polling_failing', at);
  });
}

/** What Meta tells of the token: a dead one stops its connection; one that may not read is told of once. */
export async function judgeFacts(deps: Deps, row: TokenRow, facts: TokenFacts, at: number): Promise<void> {
  await withConnection(deps, row, async (sql, connection) => {
    const { id, name } = connection;
    if (!facts.isValid && connection.state !== 'paused') {
      const reason = facts.problem ?? 'no reason given';
      await setConnectionState(sql, id, 'token_dead', reason, at);
      await raiseUnread(sql, connection, 'token_dead', reason, at);
    }
    if (!facts.isValid || !lacksReading(facts)) return;
    // Reading goes on: whether it works, the cycles know better than a list of scopes.
    deps.log.error('a token lacks ads_read', { connection: name });
    await raiseUnread(
      sql,
      connection,
      'polling_failing',
      'its token lacks the permission ads_read',
      at,
      `connection:${id}:ads_read:${row.setAt}`,
    );
  });
}

/** Warns of the expiry that is known, once per level; a level that is left behind, by time or by a later expiry, is resolved. */
export async function judgeExpiry(deps: Deps, row: TokenRow, at: number): Promise<void> {
  const expiresAt = firstExpiry(row);
  if (expiresAt === null) return;
  const level = warnLevelOf(expiresAt, at);
  await withConnection(deps, row, async (sql, connection) => {
    const { id, name, accounts } = connection;
    if (level === null) return endConnectionAlerts(sql, id, 'token_expiring', at);
    const words = expiryAlertWords({
      connection: name,
      accounts,
      expiresAt,
      now: at,
      isRenewed: deps.tokenOffice.knowsApp && row.kind === 'SYSTEM_USER',
      renewalFailed: row.renewalFailed,
    });
    if (!(await connectionRule(sql, 'token_expiring')).isOn) return;
    const key = `connection:${id}:token_expiring:${expiresAt}:${level}`;
    const severity = severityOfLevel(level);
    const raised = await raiseAlert(sql, id, { kind: 'token_expiring', severity, key, words }, at);
    if (raised !== null) await endConnectionAlerts(sql, id, 'token_expiring', at, raised);
  });
}

/** One transaction that holds the connection; nothing happens when the token was replaced since `row` was read. */
async function withConnection(
  deps: Deps,
  row: TokenRow,
  work: (sql: Sql, connection: Connection) => Promise<void>,
): Promise<void> {
  await deps.database.transaction(async (sql) => {
    const connection = await lockConnection(sql, { id: row.connectionId });
    const stored = await findToken(sql, row.connectionId);
    if (connection !== null && stored?.setAt === row.setAt) await work(sql, connection);
  });
}
