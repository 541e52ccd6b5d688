import type { Sql } from '../ports/sql.ts';

/** One way into Meta, as it stands in the books. The token is not here. */
export interface Connection {
  id: number;
  name: string;
  kind: 'meta' | 'simulation';
  state: 'ok' | 'paused' | 'token_dead' | 'stopped';
  stateReason: string | null;
  /** Business Managers whose own lists are read as well. */
  businessIds: string[];
  /** While stopped: when to try again; null = not by itself. Epoch ms. */
  retryAt: number | null;
  failedCycles: number;
  /** Accounts that it reads, archived ones apart. */
  accounts: number;
  businessesReadAt: number | null;
  /** Accounts that only the Business Managers' own lists show. */
  onlyInBusinesses: number;
}

/** All connections that were not removed. */
export async function listConnections(sql: Sql): Promise<Connection[]> {
  return selectConnections(sql, {});
}

export async function findConnection(
  sql: Sql,
  which: { id: number } | { name: string },
): Promise<Connection | null> {
  return (await selectConnections(sql, which))[0] ?? null;
}

/** As `findConnection`; the row stays this transaction's till it ends. */
export async function lockConnection(
  sql: Sql,
  which: { id: number } | { name: string },
): Promise<Connection | null> {
  const found = await findConnection(sql, which);
  if (found === null) return null;
  await sql`select 1 from connections where id = ${found.id} for update`;
  return findConnection(sql, { id: found.id });
}

async function selectConnections(sql: Sql, which: { id?: number; name?: string }): Promise<Connection[]> {
  return sql<Connection>`
    select c.id, c.name, c.kind, c.state, c.state_reason as "stateReason", c.business_ids as "businessIds",
      c.retry_at as "retryAt", c.failed_cycles as "failedCycles",
      c.businesses_read_at as "businessesReadAt", c.only_in_businesses as "onlyInBusinesses",
      (select count(*) from accounts a where a.connection_id = c.id and a.archived_at is null) as accounts
    from connections c
    where c.removed_at is null and (${which.id ?? null}::int is null or c.id = ${which.id ?? null}::int)
      and (${which.name ?? null}::text is null or c.name = ${which.name ?? null}::text)
    order by c.id`;
}

/** A connection with its coverage and the end of its token. */
export interface ConnectionHealth extends Omit<Coverage, 'connectionId'> {
  name: string;
  kind: Connection['kind'];
  state: Connection['state'];
  stateReason: string | null;
  versionWarning: string | null;
  /** The earlier of the token's two expiries, epoch ms; Infinity = never, null = not known. */
  endsAt: number | null;
}

export async function listConnectionHealth(sql: Sql): Promise<ConnectionHealth[]> {
  const coverage = new Map((await listCoverage(sql)).map(({ connectionId, ...of }) => [connectionId, of]));
  const rows = await sql<Omit<ConnectionHealth, keyof Coverage> & { id: number }>`
    select c.id, c.name, c.kind, c.state, c.state_reason as "stateReason", c.version_warning as "versionWarning",
      least(t.expires_at, t.data_access_expires_at) as "endsAt"
    from connections c left join connection_tokens t on t.connection_id = c.id
    where c.removed_at is null order by c.id`;
  return rows.map(({ id, ...row }) => ({
    ...row,
    ...(coverage.get(id) ?? { found: 0, readable: 0, monitored: 0 }),
  }));
}

/** How many accounts a connection found, may read of these, and reads itself. */
export interface Coverage {
  connectionId: number;
  found: number;
  readable: number;
  monitored: number;
}

export async function listCoverage(sql: Sql): Promise<Coverage[]> {
  return sql<Coverage>`
    select c.id as "connectionId",
      (select count(*) from reach r where r.connection_id = c.id and r.lost_at is null) as found,
      (select count(*) from reach r where r.connection_id = c.id and r.lost_at is null and r.denied_at is null) as readable,
      (select count(*) from accounts a left join reach r on r.connection_id = c.id and r.account_no = a.no
       where a.connection_id = c.id and a.archived_at is null and r.denied_at is null) as monitored
    from connections c where c.removed_at is null order by c.id`;
}

/** Makes sure that a connection of this name and kind exists. */
export async function ensureConnection(sql: Sql, name: string, kind: Connection['kind']): Promise<void> {
  await sql`insert into connections (name, kind) values (${name}, ${kind}) on conflict (name) do nothing`;
}

/** Adds a connection to Meta. Null when the name is taken; otherwise its id. */
export async function insertConnection(
  sql: Sql,
  connection: { name: string; businessIds: string[]; at: number },
): Promise<number | null> {
  const [row] = await sql<{ id: number }>`
    insert into connections (name, kind, business_ids, state_since, created_at)
    values (${connection.name}, 'meta', ${connection.businessIds}::text[], ${connection.at}, ${connection.at})
    on conflict (name) do nothing returning id`;
  return row?.id ?? null;
}

/**
 * What a cycle or a check found out. A paused connection stays paused: only the operator ends that.
 * `retryAt` (epoch ms) is for `stopped`.
 */
export async function setConnectionState(
  sql: Sql,
  id: number,
  state: Connection['state'],
  reason: string | null,
  at: number,
  retryAt: number | null = null,
): Promise<void> {
  await sql`
    update connections set state = ${state}, state_reason = ${reason}, retry_at = ${retryAt},
      state_since = case when state = ${state} then state_since else ${at} end
    where id = ${id} and state <> 'paused' and (state, retry_at) is distinct from (${state}::text, ${retryAt}::timestamptz)`;
}

/** Notes when the Business Managers' own lists were read, and how many accounts only they show. */
export async function noteBusinessesRead(sql: Sql, id: number, onlyThere: number, at: number): Promise<void> {
  await sql`update connections set businesses_read_at = ${at}, only_in_businesses = ${onlyThere} where id = ${id}`;
}

/** Keeps Meta's warning that the API version is about to go; null when the last sweep brought none. */
export async function noteVersionWarning(sql: Sql, id: number, warning: string | null): Promise<void> {
  await sql`
    update connections set version_warning = ${warning} where id = ${id} and version_warning is distinct from ${warning}`;
}

/** The operator's own word, whatever the state was. */
export async function writePaused(sql: Sql, id: number, isPaused: boolean, at: number): Promise<void> {
  await sql`
    update connections set state = case when ${isPaused}::boolean then 'paused' else 'ok' end, state_since = ${at},
      state_reason = null, retry_at = null, failed_cycles = 0
    where id = ${id}`;
}

/** Ends a connection for good. Its row stays for what refers to it; its name is free again. */
export async function writeRemoved(sql: Sql, id: number, at: number): Promise<void> {
  await sql`
    update connections set removed_at = ${at}, state = 'paused', state_since = ${at}, state_reason = 'removed', retry_at = null,
      name = name || ' (removed ' || id || ')'
    where id = ${id}`;
  await sql`update reach set lost_at = coalesce(lost_at, ${at}) where connection_id = ${id}`;
}

/** Counts a failed cycle, or forgets the count. Returns the number in a row. */
export async function countFailedCycles(sql: Sql, id: number, hasFailed: boolean): Promise<number> {
  const [row] = await sql<{ failed: number }>`
    update connections set failed_cycles = case when ${hasFailed}::boolean then failed_cycles + 1 else 0 end
    where id = ${id} returning failed_cycles as failed`;
  return row?.failed ?? 0;
}

/** Makes a vendor and gives it Business Managers; accounts found there later are the vendor's. */
export async function ensureVendor(sql: Sql, name: string, businessIds: string[]): Promise<void> {
  const [vendor] = await sql<{ id: number }>`
    insert into vendors (name) values (${name}) on conflict (name) do update set name = excluded.name returning id`;
  if (vendor === undefined) return;
  await sql`
    insert into businesses (business_id, vendor_id) select unnest(${businessIds}::text[]), ${vendor.id}::int
    on conflict (business_id) do update set vendor_id = excluded.vendor_id where businesses.vendor_id is null`;
}

/** Archives all simulated accounts (at an instant), or brings back those that were archived so (null); what a person archived stays. */
export async function setSimulatedArchived(sql: Sql, archivedAt: number | null): Promise<void> {
  await sql`
    update accounts a set archived_at = ${archivedAt}
    from connections c
    where c.id = a.connection_id and c.kind = 'simulation' and a.archived_by is null and (a.archived_at is null) = (${archivedAt}::timestamptz is not null)`;
}
