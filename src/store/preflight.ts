import type { AccountId } from '../domain/account.ts';
import type { Sql } from '../ports/sql.ts';

/** How many accounts are read through a connection, and of how many the daily limit is unknown. */
export async function countLimits(
  sql: Sql,
  connectionId: number,
): Promise<{ monitored: number; withoutLimit: number }> {
  const [row] = await sql<{ monitored: number; withoutLimit: number }>`
    select count(*) as monitored,
      count(*) filter (where a.operator_limit_minor is null and l.meta_limit_source = 'unknown') as "withoutLimit"
    from accounts a join latest l on l.account_no = a.no
    where a.connection_id = ${connectionId} and a.archived_at is null`;
  return row ?? { monitored: 0, withoutLimit: 0 };
}

/** Of each account of a connection the newest day that was watched live to its end, in an order by chance. */
export async function listClosedDays(
  sql: Sql,
  connectionId: number,
  at: number,
  most: number,
): Promise<{ accountId: AccountId; currency: string; timezone: string; day: string; oursMinor: number }[]> {
  return sql`
    select * from (
      select distinct on (a.no) a.account_id as "accountId", a.currency, a.timezone, d.day,
        d.live_spend_minor as "oursMinor"
      from accounts a join account_days d on d.account_no = a.no
      where a.connection_id = ${connectionId} and a.archived_at is null
        and d.day < (${at}::timestamptz at time zone a.timezone)::date and d.closed_at is not null
        and d.live_spend_minor is not null
      order by a.no, d.day desc) closed
    order by "oursMinor" > 0 desc, random() limit ${most}`;
}

/** Channels that get critical alerts of every account, and how many of them have sent something. */
export async function countCriticalChannels(sql: Sql): Promise<{ critical: number; sentOnce: number }> {
  const [row] = await sql<{ critical: number; sentOnce: number }>`
    select count(*) as critical, count(last_sent_at) as "sentOnce" from channels
    where disabled_at is null and removed_at is null and kinds is null and vendor_ids is null and vendor_id is null`;
  return row ?? { critical: 0, sentOnce: 0 };
}
