import type { Sql } from '../ports/sql.ts';

/** A table with the column that says whose a row is. */
export interface OwnedTable {
  table: string;
  key: string;
}

/** What belongs to one alert, in the order in which it can be deleted. */
export const alertTables: readonly OwnedTable[] = [
  { table: 'one_time_links', key: 'alert_id' },
  { table: 'conditions', key: 'alert_id' },
  { table: 'deliveries', key: 'alert_id' },
  { table: 'digests', key: 'alert_id' },
  { table: 'alert_accounts', key: 'alert_id' },
  { table: 'alerts', key: 'id' },
];

/** What belongs to one account, in the order in which it can be deleted. */
export const accountTables: readonly OwnedTable[] = [
  ...[
    'alert_accounts',
    'conditions',
    'transitions',
    'silences',
    'alert_rules',
    'snapshots',
    'standings',
    'account_days',
    'account_hours',
    'activities',
    'account_tags',
    'notes',
    'particulars',
    'reach',
    'latest',
  ].map((table) => ({ table, key: 'account_no' })),
  { table: 'accounts', key: 'no' },
];

/** The copy of a simulation's rows, as it was read back. */
export interface EndCopy {
  key: string;
  bytes: number;
  /** SHA-256 (hex) of the object, and of the text in it. */
  sha256: string;
  textSha256: string;
  rows: Record<string, number>;
}

/** A simulation that was ended. Instants are epoch ms. */
export interface SimulationEnd {
  connectionId: number;
  name: string;
  endedAt: number;
  removeAt: number;
  copy: EndCopy | null;
  problem: string | null;
  removedAt: number | null;
}

/** The simulations that were ended, oldest first. */
export async function listEnds(sql: Sql): Promise<SimulationEnd[]> {
  return sql<SimulationEnd>`
    select connection_id as "connectionId", name, ended_at as "endedAt", remove_at as "removeAt", copy, problem,
      removed_at as "removedAt"
    from simulation_ends order by connection_id`;
}

export async function insertEnd(
  sql: Sql,
  end: { connectionId: number; name: string; at: number; removeAt: number },
): Promise<void> {
  await sql`
    insert into simulation_ends (connection_id, name, ended_at, remove_at)
    values (${end.connectionId}, ${end.name}, ${end.at}, ${end.removeAt})`;
}

/** Notes the copy (a problem ends with it) or why there is none yet. */
export async function writeEndOutcome(
  sql: Sql,
  connectionId: number,
  outcome: { copy: EndCopy } | { problem: string },
): Promise<void> {
  const copy = 'copy' in outcome ? JSON.stringify(outcome.copy) : null;
  await sql`
    update simulation_ends set copy = coalesce(${copy}::jsonb, copy), problem = ${'problem' in outcome ? outcome.problem : null}
    where connection_id = ${connectionId}`;
}

export async function writeEndRemoved(sql: Sql, connectionId: number, at: number): Promise<void> {
  await sql`update simulation_ends set removed_at = ${at}, problem = null where connection_id = ${connectionId}`;
}

/** Whether somebody still reads through a connection: what he brings must be in the copy too. */
export async function isBeingRead(sql: Sql, connectionId: number, at: number): Promise<boolean> {
  const rows = await sql`
    select 1 from shards where connection_id = ${connectionId} and finished_at is null and lease_until > ${at} limit 1`;
  return rows.length > 0;
}

/** Ends the open alerts that are about nothing but this connection; nobody is told. */
export async function closeOwnAlerts(sql: Sql, connectionId: number, at: number): Promise<void> {
  const ids = await listOwnAlerts(sql, connectionId);
  await sql`
    update alerts set resolved_at = ${at}, next_step_at = null where id = any (${ids}::int8[]) and resolved_at is null`;
}

/** The alerts that are about this connection or its accounts, and about no other account. */
export async function listOwnAlerts(sql: Sql, connectionId: number): Promise<number[]> {
  const rows = await sql<{ id: number }>`
    select al.id from alerts al
    where (al.connection_id = ${connectionId} or exists (
        select from alert_accounts x join accounts a on a.no = x.account_no
        where x.alert_id = al.id and a.connection_id = ${connectionId}))
      and not exists (
        select from alert_accounts x join accounts a on a.no = x.account_no
        where x.alert_id = al.id and a.connection_id <> ${connectionId})
    order by al.id`;
  return rows.map(({ id }) => id);
}

export async function listAccountNos(sql: Sql, connectionId: number): Promise<number[]> {
  const rows = await sql<{
    no: number;
  }>`select no from accounts where connection_id = ${connectionId} order by no`;
  return rows.map(({ no }) => no);
}

/** The rows of one account or alert in a table, each as JSON. */
export async function readRowsOf(sql: Sql, { table, key }: OwnedTable, id: number): Promise<string[]> {
  const rows = await sql<{ row: string }>`
    select r as row from rows_of(${`public.${table}`}::regclass, ${key}, ${id}::int8) r`;
  return rows.map(({ row }) => row);
}

/** Deletes an alert and what belongs to it; others that it had muted say so no more. */
export async function deleteAlert(sql: Sql, id: number): Promise<void> {
  await sql`update alerts set muted_by = null where muted_by = ${id}::int8`;
  for (const owned of alertTables) await deleteRowsOf(sql, owned, id);
}

/** Deletes an account and what belongs to it. */
export async function deleteAccount(sql: Sql, no: number): Promise<void> {
  await sql`
    update alerts set silence_id = null where silence_id in (select id from silences where account_no = ${no})`;
  for (const owned of accountTables) await deleteRowsOf(sql, owned, no);
}

async function deleteRowsOf(sql: Sql, { table, key }: OwnedTable, id: number): Promise<void> {
  await sql`select delete_rows_of(${`public.${table}`}::regclass, ${key}, ${id}::int8)`;
}
