import type { AccountId } from '../domain/account.ts';
import type { Sql } from '../ports/sql.ts';

/** Which account can be reached through which connection. */

/** Writes what a complete list of a connection showed: new ones are found, those that are no longer listed are lost. */
export async function recordReach(
  sql: Sql,
  connectionId: number,
  seen: readonly AccountId[],
  at: number,
): Promise<void> {
  await sql`
    with seen as (select no from accounts where account_id = any (${seen}::text[])),
    lost as (
      update reach set lost_at = ${at} where connection_id = ${connectionId} and lost_at is null
        and account_no not in (select no from seen))
    insert into reach (connection_id, account_no, found_at)
    select ${connectionId}::int, no, ${at}::timestamptz from seen s
    where (select r.lost_at is null from reach r where r.connection_id = ${connectionId} and r.account_no = s.no) is not true
    on conflict (connection_id, account_no) do update set lost_at = null, denied_at = null`;
}

/** Notes that Meta refuses to read these accounts with this connection's token, or reads them again (null). */
export async function markDenied(
  sql: Sql,
  connectionId: number,
  accountIds: readonly AccountId[],
  deniedAt: number | null,
): Promise<void> {
  await sql`
    update reach r set denied_at = ${deniedAt} from accounts a
    where r.connection_id = ${connectionId} and r.account_no = a.no and a.account_id = any (${accountIds}::text[])`;
}

/** Of these accounts those that another healthy connection reaches. */
export async function listReachedElsewhere(
  sql: Sql,
  connectionId: number,
  accountIds: readonly AccountId[],
): Promise<AccountId[]> {
  const rows = await sql<{ accountId: AccountId }>`
    select distinct a.account_id as "accountId" from accounts a
    join reach r on r.account_no = a.no join connections c on c.id = r.connection_id
    where a.account_id = any (${accountIds}::text[]) and c.id <> ${connectionId} and c.state = 'ok'
      and r.lost_at is null and r.denied_at is null`;
  return rows.map(({ accountId }) => accountId);
}

const deniedMs = 60 * 60_000;

/**
 * Gives accounts whose connection cannot read them to one that can; the first by age. Answers how many changed hands. A refusal
 * is not for ever: an hour later the connection counts as able again, and is asked where nobody else reads the account.
 */
export async function assignReaders(sql: Sql, at: number): Promise<number> {
  const rows = await sql`
    with needy as materialized (
      select a.no from accounts a join connections c on c.id = a.connection_id
      -- As one condition, so that it stays a hashed look-up: as a join it is quadratic while the tables have no statistics.
      where a.archived_at is null and not (c.state = 'ok' and c.removed_at is null and exists (
        select from reach r where r.connection_id = a.connection_id and r.account_no = a.no
          and r.lost_at is null and (r.denied_at is null or r.denied_at <= ${at - deniedMs}::timestamptz))))
    update accounts a set connection_id = best.connection_id
    from (
      select distinct on (r.account_no) r.account_no, r.connection_id
      from needy n join reach r on r.account_no = n.no join connections c on c.id = r.connection_id
      where c.state = 'ok' and c.removed_at is null and r.lost_at is null and (r.denied_at is null or r.denied_at <= ${at - deniedMs}::timestamptz)
      order by r.account_no, r.connection_id) best
    where a.no = best.account_no
    returning a.no`;
  return rows.length;
}
