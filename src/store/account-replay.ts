import type { Sql } from '../ports/sql.ts';

/** An entry of Meta's activity log. */
export interface LogRow {
  at: number;
  eventType: string;
  extra: string;
  words: string | null;
}

/** Entries of one account's log between two instants (epoch ms), oldest first. */
export async function readActivityLog(
  sql: Sql,
  accountNo: number,
  from: number,
  to: number,
): Promise<LogRow[]> {
  return sql<LogRow>`
    select occurred_at as at, event_type as "eventType", extra, words from activities
    where account_no = ${accountNo} and occurred_at >= ${from}::timestamptz and occurred_at <= ${to}::timestamptz
    order by occurred_at, id`;
}

/** How many rejected ads an account had, each from its instant on; the last before `from` too. */
export async function readRejectedCounts(
  sql: Sql,
  accountNo: number,
  from: number,
  to: number,
): Promise<{ at: number; ads: number }[]> {
  return sql`
    select since as at, rejected_ads as ads from standings
    where account_no = ${accountNo} and rejected_ads is not null and since <= ${to}::timestamptz
      and since >= coalesce(
        (select max(since) from standings where account_no = ${accountNo} and since <= ${from}::timestamptz), '-infinity')
    order by since`;
}

/** Another account that went down, and the narrowest thing that it shares with the one in question. */
export interface SiblingDeath {
  at: number;
  accountId: string;
  tie: 'business' | 'vendor' | 'connection';
}

/** Accounts of the same Business Manager, vendor or connection that were suspended between two instants (epoch ms). */
export async function readSiblingDeaths(
  sql: Sql,
  accountNo: number,
  from: number,
  to: number,
  most: number,
): Promise<SiblingDeath[]> {
  return sql<SiblingDeath>`
    with me as (select * from accounts where no = ${accountNo})
    select a.account_id as "accountId", max(died.at) as at,
      case when a.business_id = me.business_id then 'business' when a.vendor_id = me.vendor_id then 'vendor'
        else 'connection' end as tie
    from me join accounts a on a.no <> me.no
      and (a.business_id = me.business_id or a.vendor_id = me.vendor_id or a.connection_id = me.connection_id)
    join lateral (
      select coalesce(t.occurred_at, t.detected_at) as at from transitions t
      where t.account_no = a.no and t.kind = 'status_changed' and t.to_state = 'suspended'
      union all
      select l.suspended_at from latest l where l.account_no = a.no and l.suspended_at is not null
    ) died on died.at >= ${from}::timestamptz and died.at < ${to}::timestamptz
    group by a.account_id, a.business_id, me.business_id, a.vendor_id, me.vendor_id
    order by at desc limit ${most}::int8`;
}

/** The gravest alert about an account that still holds; one that nobody has acknowledged first. */
export async function findOpenAlert(
  sql: Sql,
  accountNo: number,
): Promise<{ id: number; title: string; isAcknowledged: boolean } | null> {
  const [row] = await sql<{ id: number; title: string; isAcknowledged: boolean }>`
    select al.id, al.title, al.acknowledged_at is not null as "isAcknowledged"
    from alerts al join alert_accounts aa on aa.alert_id = al.id
    where aa.account_no = ${accountNo} and al.resolved_at is null and al.severity <> 'info'
    order by al.acknowledged_at is not null, array_position(array['critical', 'warning'], al.severity), al.id desc
    limit 1`;
  return row ?? null;
}
