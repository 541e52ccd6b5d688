import { firstExpiry, lacksReading, nextCheckAt, type TokenFacts } from '../../domain/token-life.ts';
import type { Sql } from '../../ports/sql.ts';
import { lockConnection } from '../../store/connections.ts';
import {
  claimRenewal,
  findToken,
  swapToken,
  writeRenewalFailed,
  writeTokenFacts,
  type TokenRow,
} from '../../store/connection-tokens.ts';
import { insertAudit } from '../../store/members.ts';
import { endConnectionAlerts } from './connection-alerts.ts';
import { itself, type ConnectionsDeps } from './connections-deps.ts';
import { openToken, sealToken } from './store-token.ts';

/**
 * Exchanges a token for one that lives longer, makes sure of it, and only then puts it in the old one's place. Until that
 * moment, and after a crash at any other, the old one is there and lives. Claims the day's attempt first.
 */
export async function renewToken(
  deps: ConnectionsDeps,
  row: TokenRow,
  token: string,
  signal: AbortSignal,
): Promise<void> {
  const { database, clock, log, tokenOffice } = deps;
  const { connectionId } = row;
  if (!(await claimRenewal(database.sql, row, await clock.now()))) return;
  const fail = async (reason: string) => {
    await writeRenewalFailed(database.sql, connectionId, reason);
    log.warn('token not renewed', { connectionId, reason });
  };
  const renewed = await tokenOffice.renew(token, signal);
  if (!renewed.ok) return fail(renewed.failure.detail);
  const checked = await tokenOffice.inspect(renewed.value, signal);
  if (!checked.ok) return fail(`the new token could not be verified: ${checked.failure.detail}`);
  const facts = checked.value;
  const flaw = flawOf(facts, row);
  if (flaw !== null) return fail(flaw);
  const at = await clock.now();
  const isDone = await database.transaction(async (sql) => {
    const connection = await lockConnection(sql, { id: connectionId });
    if (connection === null || !(await swap(sql, deps, connectionId, [token, renewed.value], facts, at)))
      return false;
    await endConnectionAlerts(sql, connectionId, 'token_expiring', at);
    const detail = { name: connection.name };
    await insertAudit(sql, { at, actor: itself, action: 'connection.token_renewed', detail });
    return true;
  });
  if (isDone) log.info('token renewed', { connectionId });
}

/** What speaks against taking the new token; null when nothing does. */
function flawOf(facts: TokenFacts, old: TokenRow): string | null {
  if (!facts.isValid) return `Meta refuses the new token: ${facts.problem ?? 'no reason given'}`;
  const lost = (old.scopes ?? []).filter((scope) => facts.scopes?.includes(scope) === false);
  if (lacksReading(facts) || lost.length > 0)
    return `the new token lacks permissions: ${lost.join(', ') || 'ads_read'}`;
  const [before, after] = [firstExpiry(old), firstExpiry(facts)];
  return before !== null && after !== null && after <= before
    ? 'the new token lives no longer than the old one'
    : null;
}

/** False when the connection has another token by now than the one that was exchanged. */
async function swap(
  sql: Sql,
  { sealer }: Pick<ConnectionsDeps, 'sealer'>,
  connectionId: number,
  [token, renewed]: readonly [string, string],
  facts: TokenFacts,
  at: number,
): Promise<boolean> {
  const sealed = await sealToken(sql, sealer, connectionId, renewed);
  // A rotation of the key may put the old token under other bytes between the look and the write.
  for (;;) {
    const stored = await findToken(sql, connectionId);
    const opened = stored === null ? null : openToken(sealer, stored);
    if (stored === null || opened?.ok !== true || opened.text !== token) return false;
    if (!(await swapToken(sql, connectionId, { old: stored.sealed, sealed, at }))) continue;
    await writeTokenFacts(sql, connectionId, sealed, { facts, at, nextAt: nextCheckAt(facts, at) });
    return true;
  }
}
