import type { DayState } from '../domain/keeping.ts';
import type { Sql } from '../ports/sql.ts';

/** A column as the catalog and a copy's manifest name it. */
export interface Column {
  name: string;
  type: string;
}

/** A compressed object in the archive, as it was read back. */
export interface StoredObject {
  key: string;
  bytes: number;
  /** SHA-256 (hex) of the object itself. */
  sha256: string;
}

/** What is known of a day's rows, and of the object that holds them. */
export interface DayCopy {
  rows: number;
  /** SHA-256 (hex) of the day as CSV text. */
  sha256: string;
  columns: Column[];
  /** Null until a copy has been read back and found equal. */
  object: StoredObject | null;
}

/** One day of snapshots: what the books say, and which tables are there. */
export interface ArchivedDay {
  day: string;
  state: DayState;
  isAttached: boolean;
  isDetached: boolean;
  detachedAt: number | null;
  keepUntil: number | null;
  failures: number;
  problem: string | null;
  /** Null while it has not been counted. */
  copy: DayCopy | null;
}

/** The table of an attached day. */
export const attachedTable = (day: string): string => `snapshots_${day.replaceAll('-', '')}`;
/** The table of a day that has left `snapshots` and whose rows are still here. */
export const detachedTable = (day: string): string => `detached_${day.replaceAll('-', '')}`;

/** Every day that has a table or was ever archived, oldest first; with `only`, that one. */
export async function listDays(sql: Sql, only: string | null = null): Promise<ArchivedDay[]> {
  return sql<ArchivedDay>`
    with tables as (
      select to_date(right(c.relname, 8), 'YYYYMMDD') as day, bool_or(c.relispartition) as is_attached,
        bool_or(c.relname like 'detached%') as is_detached
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind = 'r' and c.relname ~ '^(snapshots|detached)_[0-9]{8}$'
      group by 1)
    select day::text, coalesce(a.state, 'due') as state, coalesce(t.is_attached, false) as "isAttached",
      coalesce(t.is_detached, false) as "isDetached", a.detached_at as "detachedAt", a.keep_until as "keepUntil",
      coalesce(a.failures, 0) as failures, a.problem,
      case when a.sha256 is not null then jsonb_build_object('rows', a.row_count, 'sha256', a.sha256, 'columns', a.columns,
        'object', case when a.object_key is not null then jsonb_build_object('key', a.object_key, 'bytes', a.object_bytes,
          'sha256', a.object_sha256) end) end as copy
    from tables t full join archived_days a using (day)
    where ${only}::date is null or day = ${only}::date
    order by day`;
}

/**
 * Takes a day for `busyMs`; false while somebody else is at it and, unless forced, until a failure's pause or a restored day's
 * time is over.
 */
export async function claimDay(
  sql: Sql,
  day: string,
  { worker, at, busyMs, isForced }: { worker: string; at: number; busyMs: number; isForced: boolean },
): Promise<boolean> {
  const rows = await sql`
    insert into archived_days as a (day, worker, busy_until) values (${day}::date, ${worker}, ${at + busyMs})
    on conflict (day) do update set worker = excluded.worker, busy_until = excluded.busy_until
    where (a.busy_until is null or a.busy_until <= ${at}) and (${isForced}
      or ((a.retry_at is null or a.retry_at <= ${at}) and (a.keep_until is null or a.keep_until <= ${at})))
    returning day`;
  return rows.length > 0;
}

/** Keeps a day for another `busyMs`; false when the claim has been given back or taken over. */
export async function renewClaim(
  sql: Sql,
  day: string,
  { worker, at, busyMs }: { worker: string; at: number; busyMs: number },
): Promise<boolean> {
  const rows = await sql`
    update archived_days set busy_until = ${at + busyMs} where day = ${day}::date and worker = ${worker} returning day`;
  return rows.length > 0;
}

/** Gives the day back; a problem keeps everybody from it until `retryAt`, null clears the last one. */
export async function releaseDay(
  sql: Sql,
  day: string,
  worker: string,
  trouble: { problem: string; retryAt: number } | null,
): Promise<void> {
  await sql`
    update archived_days set busy_until = null, worker = null, problem = ${trouble?.problem ?? null},
      retry_at = ${trouble?.retryAt ?? null}, failures = case when ${trouble === null} then 0 else failures + 1 end
    where day = ${day}::date and worker = ${worker}`;
}

/** The state to come from; the write does nothing (false) when another worker has changed it meanwhile. */
export interface From {
  state: DayState;
  /** Null = not counted yet. */
  sha256: string | null;
}

/** An object that is known already stays known only for the very same rows. */
export async function writeCounted(
  sql: Sql,
  day: string,
  from: From,
  counted: Omit<DayCopy, 'object'>,
): Promise<boolean> {
  const rows = await sql`
    update archived_days set state = 'counted', row_count = ${counted.rows}, sha256 = ${counted.sha256},
      columns = ${JSON.stringify(counted.columns)}::jsonb,
      object_key = case when sha256 = ${counted.sha256} then object_key end,
      object_bytes = case when sha256 = ${counted.sha256} then object_bytes end,
      object_sha256 = case when sha256 = ${counted.sha256} then object_sha256 end,
      copied_at = null, detached_at = null, dropped_at = null
    where day = ${day}::date and state = ${from.state} and sha256 is not distinct from ${from.sha256} returning day`;
  return rows.length > 0;
}

/** Sends a day back to be counted anew. */
export async function writeDue(sql: Sql, day: string, from: From): Promise<boolean> {
  const rows = await sql`
    update archived_days set state = 'due'
    where day = ${day}::date and state = ${from.state} and sha256 is not distinct from ${from.sha256} returning day`;
  return rows.length > 0;
}

/** Notes the object as it was read back. For a detached day it is a new copy in place of a bad one: its week begins anew. */
export async function writeCopied(
  sql: Sql,
  day: string,
  from: From,
  object: StoredObject,
  at: number,
): Promise<boolean> {
  const rows = await sql`
    update archived_days set state = case state when 'counted' then 'copied' else state end, copied_at = ${at},
      detached_at = case state when 'detached' then ${at}::timestamptz else detached_at end, object_key = ${object.key},
      object_bytes = ${object.bytes}, object_sha256 = ${object.sha256}
    where day = ${day}::date and state = ${from.state} and sha256 is not distinct from ${from.sha256} returning day`;
  return rows.length > 0;
}

/** Locks the day's row for the rest of the transaction; false when the day is no longer as `from` says. */
export async function lockDay(sql: Sql, day: string, from: From): Promise<boolean> {
  const rows = await sql`
    select 1 as found from archived_days
    where day = ${day}::date and state = ${from.state} and sha256 is not distinct from ${from.sha256} for update`;
  return rows.length > 0;
}

/** Waits no longer than `ms` for any lock until the transaction ends, and keeps writers out of the table from now on. */
export async function holdTable(sql: Sql, table: string, ms: number): Promise<void> {
  await sql`select set_config('lock_timeout', ${`${ms}ms`}, true)`;
  await sql`select hold_table(${`public.${table}`}::regclass)`;
}

export async function detachDay(sql: Sql, day: string, at: number): Promise<void> {
  await sql`select detach_snapshot_day(${day}::date)`;
  await sql`update archived_days set state = 'detached', detached_at = ${at} where day = ${day}::date`;
}

export async function dropDay(sql: Sql, day: string, at: number): Promise<void> {
  await sql`select drop_detached_day(${day}::date)`;
  await sql`update archived_days set state = 'dropped', dropped_at = ${at} where day = ${day}::date`;
}

/** Makes the empty table that a day from the archive is filled into. */
export async function makeDetachedTable(sql: Sql, day: string): Promise<void> {
  await sql`select make_detached_day(${day}::date)`;
}

export async function attachDay(sql: Sql, day: string): Promise<void> {
  await sql`select attach_snapshot_day(${day}::date)`;
}

/** Leaves a day alone until `keepUntil`. */
export async function keepDay(sql: Sql, day: string, keepUntil: number): Promise<void> {
  await sql`update archived_days set keep_until = ${keepUntil} where day = ${day}::date`;
}

export async function writeRestored(sql: Sql, day: string, at: number, keepUntil: number): Promise<void> {
  await sql`
    update archived_days set state = 'restored', restored_at = ${at}, keep_until = ${keepUntil} where day = ${day}::date`;
}

/** The table's columns in their order. */
export async function listColumns(sql: Sql, table: string): Promise<Column[]> {
  return sql<Column>`
    select attname::text as name, format_type(atttypid, atttypmod) as type from pg_attribute
    where attrelid = ${`public.${table}`}::regclass and attnum > 0 and not attisdropped order by attnum`;
}

/** One page of a table as CSV lines; `lastKey` leads to the next, null lines are the end. */
export async function readCsvPage(
  sql: Sql,
  table: string,
  columns: readonly string[],
  after: string | null,
  size: number,
): Promise<{ lines: string; rows: number; lastKey: string } | null> {
  const [page] = await sql<{ lines: string | null; rows: number; lastKey: string | null }>`
    select lines, line_count as rows, last_key::text as "lastKey"
    from csv_page(${`public.${table}`}::regclass, ${columns}::text[], ${after}::jsonb, ${size}::int)`;
  if (!page || page.lines === null || page.lastKey === null) return null;
  return { lines: page.lines, rows: page.rows, lastKey: page.lastKey };
}

/** Puts rows from a copy into the table, values as text by column; those that are there already stay. Answers how many were new. */
export async function insertCopiedRows(
  sql: Sql,
  table: string,
  rows: readonly Record<string, string | null>[],
): Promise<number> {
  const [added] = await sql<{ rows: number }>`
    select insert_copied_rows(${`public.${table}`}::regclass, ${JSON.stringify(rows)}::jsonb) as rows`;
  return added?.rows ?? 0;
}
