import type { AccountId } from '../domain/account.ts';
import type { State } from '../domain/status.ts';
import type { Sql } from '../ports/sql.ts';

/** The fleet as admins look after it: what was entered by hand, who archived what, which accounts are awaited. */

/** What was entered about an account by hand. Amounts are minor units of `currency`. */
export interface FleetRow {
  no: number;
  accountId: AccountId;
  name: string | null;
  vendor: string | null;
  connection: string;
  currency: string;
  state: State;
  isArchived: boolean;
  archivedBy: string | null;
  operatorLimitMinor: number | null;
  metaLimitMinor: number | null;
  tags: string[];
}

/** Which accounts are looked for; null does not narrow. Archived ones are shown when they are asked for. */
export interface FleetSelection {
  words: string | null;
  /** Empty: nobody's. */
  vendor: string | null;
  connection: string | null;
  state: State | null;
  most: number;
  skip: number;
}

/** One page of the fleet by id, and how many accounts fit in all. */
export async function listFleet(
  sql: Sql,
  { words, vendor, connection, state, most, skip }: FleetSelection,
): Promise<{ rows: FleetRow[]; total: number }> {
  const found = await sql<FleetRow & { total: number }>`
    select a.no, a.account_id as "accountId", a.name, v.name as vendor, c.name as connection, a.currency, s.state,
      a.archived_at is not null as "isArchived", a.archived_by as "archivedBy",
      a.operator_limit_minor as "operatorLimitMinor", l.meta_limit_minor as "metaLimitMinor",
      array(select t.tag from account_tags t where t.account_no = a.no order by t.tag) as tags,
      count(*) over () as total
    from accounts a join latest l on l.account_no = a.no join connections c on c.id = a.connection_id
    left join vendors v on v.id = a.vendor_id
    cross join lateral (select case when a.archived_at is null then l.state else 'archived' end as state) s
    where (${state}::text is null and a.archived_at is null or s.state = ${state}::text)
      and (${vendor}::text is null or coalesce(v.name, '') = ${vendor}::text)
      and (${connection}::text is null or c.name = ${connection}::text)
      and (${words}::text is null
        or strpos(lower(concat_ws(chr(10), a.account_id, a.name, v.name)), lower(${words}::text)) > 0
        or exists (select from account_tags t where t.account_no = a.no and t.tag = lower(${words}::text)))
    order by a.account_id limit ${most} offset ${skip}`;
  return { rows: found.map(({ total: _, ...row }) => row), total: found[0]?.total ?? 0 };
}

/** What stands of these accounts; those that nobody has seen are left out. The rows are held till the transaction ends. */
export async function lockFleet(sql: Sql, accountIds: readonly AccountId[]): Promise<FleetRow[]> {
  return sql<FleetRow>`
    select a.no, a.account_id as "accountId", a.name, v.name as vendor, c.name as connection, a.currency, l.state,
      a.archived_at is not null as "isArchived", a.archived_by as "archivedBy",
      a.operator_limit_minor as "operatorLimitMinor", l.meta_limit_minor as "metaLimitMinor",
      array(select t.tag from account_tags t where t.account_no = a.no order by t.tag) as tags
    from accounts a join latest l on l.account_no = a.no join connections c on c.id = a.connection_id
    left join vendors v on v.id = a.vendor_id
    where a.account_id = any (${accountIds}::text[]) order by a.account_id for update of a`;
}

/** The names that accounts can be narrowed down by. */
export async function listConnectionNames(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string }>`
    select name from connections where removed_at is null order by name`;
  return rows.map(({ name }) => name);
}

/** Takes an account off the board and out of every cycle, and writes it down as a change; false when it was archived before. */
export async function archiveAccount(
  sql: Sql,
  accountId: AccountId,
  by: string,
  at: number,
): Promise<boolean> {
  const rows = await sql`
    with gone as (
      update accounts set archived_at = ${at}, archived_by = ${by}
      where account_id = ${accountId} and archived_at is null returning no)
    insert into transitions (account_no, kind, from_state, to_state, detected_at)
    select gone.no, 'archived', l.state, 'archived', ${at}::timestamptz
    from gone join latest l on l.account_no = gone.no returning account_no`;
  return rows.length > 0;
}

/**
 * Brings an archived account back to whoever reads it, its own connection before others; false when no connection reaches it.
 * How it stands is read with the next sweep: nothing of before its rest counts as news.
 */
export async function restoreAccount(sql: Sql, accountId: AccountId, at: number): Promise<boolean> {
  const rows = await sql`
    with back as (
      update accounts a set archived_at = null, archived_by = null, connection_id = heir.id
      from accounts b join lateral (
        select c.id from connections c
        where c.removed_at is null and (c.id = b.connection_id or exists (
          select from reach r where r.connection_id = c.id and r.account_no = b.no and r.lost_at is null and r.denied_at is null))
        order by c.id <> b.connection_id, c.state <> 'ok', c.id limit 1) heir on true
      where a.no = b.no and b.account_id = ${accountId} and b.archived_at is not null returning a.no)
    insert into transitions (account_no, kind, from_state, to_state, detected_at)
    select back.no, 'unarchived', 'archived', l.state, ${at}::timestamptz
    from back join latest l on l.account_no = back.no returning account_no`;
  return rows.length > 0;
}

/** What is to count for an account that nobody has seen yet. `dailyLimit` is in major units of a currency that Meta will tell. */
export interface AwaitedRow {
  accountId: AccountId;
  vendor: string | null;
  dailyLimit: string | null;
  tags: string[];
  addedBy: string;
  addedAt: number;
}

/** The accounts that are waited for, of these ids or all; the oldest wish first. */
export async function listAwaited(
  sql: Sql,
  accountIds: readonly AccountId[] | null = null,
): Promise<AwaitedRow[]> {
  return sql<AwaitedRow>`
    select w.account_id as "accountId", v.name as vendor, w.daily_limit as "dailyLimit", w.tags, w.added_by as "addedBy",
      w.added_at as "addedAt"
    from awaited_accounts w left join vendors v on v.id = w.vendor_id
    where ${accountIds}::text[] is null or w.account_id = any (${accountIds}::text[]) order by w.added_at, w.account_id`;
}

/** Writes what is to count for an account that is awaited, in place of what was to count before. */
export async function writeAwaited(
  sql: Sql,
  { accountId, vendor, dailyLimit, tags, addedBy, addedAt }: AwaitedRow,
): Promise<void> {
  await sql`
    insert into awaited_accounts (account_id, vendor_id, daily_limit, tags, added_by, added_at)
    values (${accountId}, (select id from vendors where name = ${vendor}), ${dailyLimit}, ${tags}::text[], ${addedBy}, ${addedAt})
    on conflict (account_id) do update set vendor_id = excluded.vendor_id, daily_limit = excluded.daily_limit,
      tags = excluded.tags, added_by = excluded.added_by, added_at = excluded.added_at`;
}

/** Waits no longer for these accounts; answers what was to count for them. */
export async function takeAwaited(sql: Sql, accountIds: readonly AccountId[]): Promise<AwaitedRow[]> {
  const taken = await listAwaited(sql, accountIds);
  if (taken.length > 0)
    await sql`delete from awaited_accounts where account_id = any (${taken.map((row) => row.accountId)}::text[])`;
  return taken;
}
