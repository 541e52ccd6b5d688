import type { TokenFacts } from '../domain/token-life.ts';
import type { Sql } from '../ports/sql.ts';

/** What sealing binds a connection's token to, beside the connection's id. */
export const tokenPurpose = 'connection_token';

/** A stored token, sealed, with what is known of it. Instants are epoch ms: Infinity = never, null = not known. */
export interface TokenRow {
  connectionId: number;
  sealed: Uint8Array;
  /** SHA-256 of the token in the settings that this one stems from. */
  fromSettings: Uint8Array | null;
  setAt: number;
  renewedAt: number | null;
  renewalTriedAt: number | null;
  renewalFailed: string | null;
  checkedAt: number | null;
  kind: string | null;
  scopes: string[] | null;
  expiresAt: number | null;
  dataAccessExpiresAt: number | null;
}

/** The token of one connection; with no id, of all. Removed connections have none. */
export async function listTokens(sql: Sql, connectionId: number | null = null): Promise<TokenRow[]> {
  return sql<TokenRow>`
    select connection_id as "connectionId", sealed, from_settings_sha256 as "fromSettings", set_at as "setAt",
      renewed_at as "renewedAt", renewal_tried_at as "renewalTriedAt", renewal_failed as "renewalFailed",
      checked_at as "checkedAt", token_type as kind, scopes, expires_at as "expiresAt",
      data_access_expires_at as "dataAccessExpiresAt"
    from connection_tokens where ${connectionId}::int is null or connection_id = ${connectionId}::int
    order by connection_id`;
}

export async function findToken(sql: Sql, connectionId: number): Promise<TokenRow | null> {
  return (await listTokens(sql, connectionId))[0] ?? null;
}

/** Gives a connection another token; what was known of the last one is forgotten. `fromSettings` null keeps the old mark. */
export async function putToken(
  sql: Sql,
  token: { connectionId: number; sealed: Uint8Array; fromSettings: Uint8Array | null; at: number },
): Promise<void> {
  await sql`
    insert into connection_tokens (connection_id, sealed, from_settings_sha256, set_at)
    values (${token.connectionId}, ${token.sealed}, ${token.fromSettings}, ${token.at})
    on conflict (connection_id) do update set sealed = excluded.sealed, set_at = excluded.set_at,
      from_settings_sha256 = coalesce(excluded.from_settings_sha256, connection_tokens.from_settings_sha256),
      renewed_at = null, renewal_tried_at = null, renewal_failed = null, checked_at = null, check_due_at = null,
      app_id = null, token_type = null, scopes = null, expires_at = null, data_access_expires_at = null`;
}

/** Writes a renewed token in the place of the very bytes that it was exchanged for; false when others are there by now. */
export async function swapToken(
  sql: Sql,
  connectionId: number,
  swap: { old: Uint8Array; sealed: Uint8Array; at: number },
): Promise<boolean> {
  const rows = await sql`
    update connection_tokens set sealed = ${swap.sealed}, set_at = ${swap.at}, renewed_at = ${swap.at}, renewal_failed = null
    where connection_id = ${connectionId} and sealed = ${swap.old} returning 1`;
  return rows.length > 0;
}

/** Notes what was learnt of the token that is stored in these bytes, and when to look again; a replaced one is left alone. */
export async function writeTokenFacts(
  sql: Sql,
  connectionId: number,
  sealed: Uint8Array,
  learnt: { facts: TokenFacts; at: number; nextAt: number },
): Promise<void> {
  const { facts, at, nextAt } = learnt;
  await sql`
    update connection_tokens set checked_at = ${at}, check_due_at = ${nextAt},
      app_id = coalesce(${facts.appId}::text, app_id), token_type = coalesce(${facts.kind}::text, token_type),
      scopes = coalesce(${facts.scopes}::text[], scopes),
      expires_at = coalesce(${facts.expiresAt}::timestamptz, expires_at),
      data_access_expires_at = coalesce(${facts.dataAccessExpiresAt}::timestamptz, data_access_expires_at)
    where connection_id = ${connectionId} and sealed = ${sealed}`;
}

/** Takes on the checks that are due, or all, and answers their connections. Nobody else takes them before `againAt`. */
export async function claimChecks(
  sql: Sql,
  which: 'due' | 'all',
  times: { at: number; againAt: number },
): Promise<number[]> {
  const rows = await sql<{ id: number }>`
    update connection_tokens set check_due_at = ${times.againAt}
    where ${which === 'all'}::boolean or check_due_at is null or check_due_at <= ${times.at}
    returning connection_id as id`;
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}

/** Takes on today's attempt to renew this very token; false when somebody else did since `row` was read. */
export async function claimRenewal(sql: Sql, row: TokenRow, at: number): Promise<boolean> {
  const rows = await sql`
    update connection_tokens set renewal_tried_at = ${at}
    where connection_id = ${row.connectionId} and sealed = ${row.sealed}
      and renewal_tried_at is not distinct from ${row.renewalTriedAt}::timestamptz
    returning 1`;
  return rows.length > 0;
}

/** Notes why a renewal came to nothing; `reason` must hold no secret. */
export async function writeRenewalFailed(sql: Sql, connectionId: number, reason: string): Promise<void> {
  await sql`update connection_tokens set renewal_failed = ${reason} where connection_id = ${connectionId}`;
}

export async function deleteToken(sql: Sql, connectionId: number): Promise<void> {
  await sql`delete from connection_tokens where connection_id = ${connectionId}`;
}

/** Puts a token's next check at an instant. */
export async function hastenCheck(sql: Sql, connectionId: number, at: number): Promise<void> {
  await sql`update connection_tokens set check_due_at = ${at} where connection_id = ${connectionId}`;
}
