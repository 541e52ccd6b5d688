import type { Sql } from '../ports/sql.ts';
import { tokenPurpose } from './connection-tokens.ts';

/** One sealed value and the place that it is bound to. */
export interface SealedRow {
  purpose: string;
  rowId: string;
  sealed: Uint8Array;
}

/** Everything that is sealed. A table that seals something joins here and in `reseal`, and takes part in rotation. */
export async function listSealed(sql: Sql): Promise<SealedRow[]> {
  return sql<SealedRow>`
    select ${tokenPurpose}::text as purpose, connection_id::text as "rowId", sealed from connection_tokens
    order by connection_id`;
}

/** The same secret under another key; false when the row holds something else by now, which is then left alone. */
export async function reseal(sql: Sql, row: SealedRow, sealed: Uint8Array): Promise<boolean> {
  if (row.purpose !== tokenPurpose) throw new Error(`nothing is sealed for ${row.purpose}`);
  const rows = await sql`
    update connection_tokens set sealed = ${sealed}
    where connection_id = ${row.rowId}::int and sealed = ${row.sealed} returning 1`;
  return rows.length > 0;
}

const sealing = 'arbhub:sealing';

/** Held to the end of the transaction by whoever seals and writes: no key is forgotten meanwhile. */
export async function lockSealing(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${sealing}, 0))`;
}

/** Waits for all who seal, and keeps others from it to the end of the transaction. */
export async function stopSealing(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${sealing}, 0))`;
}

/** False when another rotation is under way; otherwise this transaction's is the only one. */
export async function lockRotation(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ isOurs: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('arbhub:rotation', 0)) as "isOurs"`;
  return row?.isOurs === true;
}
