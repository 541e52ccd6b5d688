import type { Sql } from '../ports/sql.ts';
import { channelPurpose } from './channels.ts';
import { tokenPurpose } from './connection-tokens.ts';
import { secondStepPurpose } from './second-steps.ts';

/** What sealing binds the installation's own secrets to, beside their name. */
export const installationPurpose = 'installation';

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
    union all select ${channelPurpose}::text, id::text, sealed from channels where sealed is not null
    union all select ${installationPurpose}::text, name, sealed from installation_secrets
    union all select ${secondStepPurpose}::text, member_id::text, sealed from second_steps
    order by 1, 2`;
}

/** The same secret under another key; false when the row holds something else by now, which is then left alone. */
export async function reseal(sql: Sql, row: SealedRow, sealed: Uint8Array): Promise<boolean> {
  return (await resealed(sql, row, sealed)).length > 0;
}

function resealed(sql: Sql, { purpose, rowId, sealed: before }: SealedRow, sealed: Uint8Array) {
  switch (purpose) {
    case tokenPurpose:
      return sql`
        update connection_tokens set sealed = ${sealed}
        where connection_id = ${rowId}::int and sealed = ${before} returning 1`;
    case channelPurpose:
      return sql`update channels set sealed = ${sealed} where id = ${rowId}::int and sealed = ${before} returning 1`;
    case installationPurpose:
      return sql`
        update installation_secrets set sealed = ${sealed} where name = ${rowId} and sealed = ${before} returning 1`;
    case secondStepPurpose:
      return sql`
        update second_steps set sealed = ${sealed} where member_id = ${rowId}::uuid and sealed = ${before} returning 1`;
    default:
      throw new Error(`nothing is sealed for ${purpose}`);
  }
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

/** An installation's secret, sealed; null when there is none yet. */
export async function findInstallationSecret(sql: Sql, name: string): Promise<Uint8Array | null> {
  const [row] = await sql<{
    sealed: Uint8Array;
  }>`select sealed from installation_secrets where name = ${name}`;
  return row?.sealed ?? null;
}

/** Keeps a secret that did not exist; whoever came first stays. */
export async function addInstallationSecret(
  sql: Sql,
  name: string,
  sealed: Uint8Array,
  at: number,
): Promise<void> {
  await sql`
    insert into installation_secrets (name, sealed, created_at) values (${name}, ${sealed}, ${at})
    on conflict (name) do nothing`;
}

/** False when another rotation is under way; otherwise this transaction's is the only one. */
export async function lockRotation(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ isOurs: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('arbhub:rotation', 0)) as "isOurs"`;
  return row?.isOurs === true;
}
