import type { DoctorFacts } from '../domain/doctor-facts.ts';
import type { Sql } from '../ports/sql.ts';

/** The server's version, by number and by name, and its clock (epoch ms). */
export async function readServer(sql: Sql): Promise<{ number: number; version: string; now: number }> {
  const [row] = await sql<{ number: number; version: string; now: number }>`
    select current_setting('server_version_num')::int as number, current_setting('server_version') as version,
      clock_timestamp() as now`;
  if (row === undefined) throw new Error('The database told nothing about itself.');
  return row;
}

/** The versions of the migrations that were applied; none in a database that was never used. */
export async function listApplied(sql: Sql): Promise<string[]> {
  const [found] = await sql`select 1 where to_regclass('supabase_migrations.schema_migrations') is not null`;
  if (found === undefined) return [];
  const rows = await sql<{ version: string }>`
    select version from supabase_migrations.schema_migrations order by version`;
  return rows.map(({ version }) => version);
}

/** The connections as they stand, with what is known of their tokens. */
export async function listPatients(sql: Sql): Promise<DoctorFacts['connections']> {
  return sql`
    select c.name, c.kind, c.state, c.state_reason as "stateReason",
      (select count(*) from reach r where r.connection_id = c.id and r.lost_at is null) as found,
      (select count(*) from reach r where r.connection_id = c.id and r.lost_at is null and r.denied_at is null) as readable,
      least(t.expires_at, t.data_access_expires_at) as "endsAt", t.scopes, t.renewal_failed as "renewalFailed",
      c.version_warning as "versionWarning"
    from connections c left join connection_tokens t on t.connection_id = c.id
    where c.removed_at is null order by c.id`;
}

/** The channels that were not removed, as far as they may be in trouble. */
export async function listChannelHealth(sql: Sql): Promise<DoctorFacts['channels']> {
  return sql`
    select name, kinds is null and vendor_ids is null and vendor_id is null as "takesCritical",
      case when disabled_at is not null then coalesce(disabled_reason, 'by an operator') end as "disabledReason",
      paused_until as "pausedUntil", last_sent_at as "lastSentAt", last_error as "lastError", last_error_at as "lastErrorAt"
    from channels where removed_at is null order by id`;
}

/** When the last run of a kind ended (epoch ms); null before the first one. */
export async function readLastEnd(sql: Sql, kind: 'status' | 'daily'): Promise<number | null> {
  const [row] = await sql<{ at: number | null }>`
    select max(finished_at) as at from cycles where kind = ${kind}`;
  return row?.at ?? null;
}

/** Counts that are told by one row. `daysAhead` is from the UTC day of `at` to the last one with a partition. */
export async function readCounts(
  sql: Sql,
  at: number,
): Promise<{ admins: number; watched: number; withoutLimit: number; daysAhead: number | null }> {
  const [row] = await sql<{
    admins: number;
    watched: number;
    withoutLimit: number;
    daysAhead: number | null;
  }>`
    select
      (select count(*) from members where role = 'admin' and disabled_at is null) as admins,
      (select count(*) from accounts where archived_at is null) as watched,
      (select count(*) from accounts a join latest l on l.account_no = a.no
        where a.archived_at is null and a.operator_limit_minor is null and l.meta_limit_source = 'unknown') as "withoutLimit",
      (select max(to_date(right(c.relname, 8), 'YYYYMMDD')) - (${at}::timestamptz at time zone 'UTC')::date
        from pg_inherits i join pg_class c on c.oid = i.inhrelid
        where i.inhparent = 'public.snapshots'::regclass) as "daysAhead"`;
  return row ?? { admins: 0, watched: 0, withoutLimit: 0, daysAhead: null };
}

/** What keeps old days or an ended simulation from leaving, in words. */
export async function listArchiveProblems(sql: Sql): Promise<string[]> {
  const rows = await sql<{ problem: string }>`
    select 'the day ' || day || ' was not archived: ' || problem as problem from archived_days where problem is not null
    union all
    select 'the rows of "' || name || '" were not removed: ' || problem from simulation_ends
      where problem is not null and removed_at is null
    order by 1`;
  return rows.map(({ problem }) => problem);
}
