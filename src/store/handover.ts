import type { Sql } from '../ports/sql.ts';

/** Which connection reads an account once its own is gone. Each answers the accounts that it touched. */

/** Gives the accounts of a connection to others that can read them, those that work now first. */
export async function handOverAccounts(sql: Sql, connectionId: number): Promise<string[]> {
  const rows = await sql<{ accountId: string }>`
    update accounts a set connection_id = heir.connection_id
    from (
      select distinct on (r.account_no) r.account_no, r.connection_id
      from reach r join connections c on c.id = r.connection_id
      where c.removed_at is null and c.id <> ${connectionId} and r.lost_at is null and r.denied_at is null
      order by r.account_no, c.state <> 'ok', c.id) heir
    where a.no = heir.account_no and a.connection_id = ${connectionId} returning a.account_id as "accountId"`;
  return rows.map(({ accountId }) => accountId);
}

/** Archives the accounts that nobody else can read, and writes it down as a change. */
export async function archiveAccountsOf(sql: Sql, connectionId: number, at: number): Promise<string[]> {
  const rows = await sql<{ accountId: string }>`
    with gone as (
      update accounts set archived_at = ${at} where connection_id = ${connectionId} and archived_at is null
      returning no, account_id),
    told as (
      insert into transitions (account_no, kind, from_state, to_state, detected_at)
      select gone.no, 'archived', l.state, 'archived', ${at}::timestamptz
      from gone join latest l on l.account_no = gone.no order by gone.no)
    select account_id as "accountId" from gone`;
  return rows.map(({ accountId }) => accountId);
}

/** Brings back accounts that were archived with their connection, once another one finds them. */
export async function adoptArchived(sql: Sql, at: number): Promise<string[]> {
  const rows = await sql<{ accountId: string }>`
    with heirs as (
      select distinct on (a.no) a.no, c.id as connection_id
      from accounts a join connections owner on owner.id = a.connection_id and owner.removed_at = a.archived_at
      join reach r on r.account_no = a.no and r.lost_at is null and r.denied_at is null
      join connections c on c.id = r.connection_id and c.removed_at is null
      order by a.no, c.state <> 'ok', c.id),
    back as (
      update accounts a set connection_id = heirs.connection_id, archived_at = null from heirs where a.no = heirs.no
      returning a.no, a.account_id),
    told as (
      insert into transitions (account_no, kind, from_state, to_state, detected_at)
      select back.no, 'unarchived', 'archived', l.state, ${at}::timestamptz
      from back join latest l on l.account_no = back.no order by back.no)
    select account_id as "accountId" from back`;
  return rows.map(({ accountId }) => accountId);
}
