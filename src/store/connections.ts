import type { Sql } from '../ports/sql.ts';

/** One way into Meta, as it stands in the books. The token is not here. */
export interface Connection {
  id: number;
  name: string;
  kind: 'meta' | 'simulation';
  /** `stopped`: Meta refuses it as a whole, till `retryAt` or till somebody resumes it. */
  state: 'ok' | 'paused' | 'token_dead' | 'stopped';
  retryAt: number | null;
  failedCycles: number;
  /** Accounts that it reads. */
  accounts: number;
  businessIds: string[];
  businessesReadAt: number | null;
  /** Accounts that only the Business Managers' own lists show. */
  onlyInBusinesses: number;
}

export async function listConnections(sql: Sql): Promise<Connection[]> {
  return sql<Connection>`
    select c.id, c.name, c.kind, c.state, c.retry_at as "retryAt", c.failed_cycles as "failedCycles",
           to_jsonb(c.business_ids) as "businessIds", c.businesses_read_at as "businessesReadAt",
           c.only_in_businesses as "onlyInBusinesses",
           (select count(*) from accounts a where a.connection_id = c.id and a.archived_at is null) as accounts
    from connections c where c.removed_at is null order by c.id`;
}

/** Makes sure that a connection of this name and kind exists. */
export async function ensureConnection(sql: Sql, name: string, kind: Connection['kind']): Promise<void> {
  await sql`insert into connections (name, kind) values (${name}, ${kind}) on conflict (name) do nothing`;
}

export async function setConnectionState(
  sql: Sql,
  id: number,
  state: Connection['state'],
  reason: string | null,
  at: number,
  retryAt: number | null,
): Promise<void> {
  await sql`
    update connections set state = ${state}, state_reason = ${reason}, retry_at = ${retryAt},
      state_since = case when state = ${state} then state_since else ${at} end
    where id = ${id}`;
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

/** Archives all simulated accounts (at an instant), or brings back those that were archived so (null). */
export async function setSimulatedArchived(sql: Sql, archivedAt: number | null): Promise<void> {
  await sql`
    update accounts a set archived_at = ${archivedAt}
    from connections c
    where c.id = a.connection_id and c.kind = 'simulation' and (a.archived_at is null) = (${archivedAt}::timestamptz is not null)`;
}
