import type { Sql } from '../ports/sql.ts';

/** How one kind of connection does, for standing beside the other. Shares are 0..1; null = nothing to tell. */
export interface Side {
  kind: 'meta' | 'simulation';
  connections: number;
  accounts: number;
  suspended: number;
  limitKnown: number | null;
  figuresToday: number | null;
  /** Mean age of the figures, ms. */
  figuresAgeMs: number | null;
  /** Changes of status within a day, and the median of how long they took to be known, ms. */
  changes: number;
  detectionMs: number | null;
  alerts: number;
  delivered: number | null;
  /** Of the last finished cycle of figures. */
  attempted: number | null;
  succeeded: number | null;
  requests: number | null;
  callsPerAccount: number | null;
  metaMeanMs: number | null;
}

/** Both sides over the day before `at` (epoch ms); a side without a connection is missing. */
export async function readSides(sql: Sql, at: number): Promise<Side[]> {
  return sql<Side>`
    with since as (select ${at}::timestamptz - interval '1 day' as moment),
    kinds as (select kind, count(*) as connections from connections where removed_at is null group by kind),
    fleet as (
      select c.kind, count(*) as accounts, count(*) filter (where l.state = 'suspended') as suspended,
        avg((a.operator_limit_minor is not null or l.meta_limit_source <> 'unknown')::int)::float8 as limit_known,
        avg((l.spend_minor is not null and l.day = (${at}::timestamptz at time zone a.timezone)::date)::int)::float8 as figures_today,
        avg(extract(epoch from ${at}::timestamptz - l.metrics_at) * 1000)::float8 as age_ms
      from accounts a join latest l on l.account_no = a.no join connections c on c.id = a.connection_id
      where a.archived_at is null group by c.kind),
    changed as (
      select c.kind, count(*) as changes, percentile_cont(0.5) within group (
        order by greatest(0, extract(epoch from t.detected_at - t.occurred_at) * 1000)::float8) as detection_ms
      from transitions t join accounts a on a.no = t.account_no join connections c on c.id = a.connection_id, since
      where t.kind = 'status_changed' and t.detected_at >= since.moment group by c.kind),
    told as (
      select c.kind, count(distinct al.id) as alerts, avg((d.state = 'sent')::int)::float8 as delivered
      from alerts al join alert_accounts x on x.alert_id = al.id join accounts a on a.no = x.account_no
      join connections c on c.id = a.connection_id left join deliveries d on d.alert_id = al.id, since
      where al.opened_at >= since.moment group by c.kind),
    last as (
      select slot from cycles where kind = 'metrics' and finished_at is not null order by finished_at desc limit 1),
    cycle as (
      select c.kind, sum((s.report ->> 'attempted')::int)::int as attempted, sum((s.report ->> 'succeeded')::int)::int as succeeded,
        sum((s.report ->> 'requests')::int)::int as requests, sum((s.report ->> 'countedCalls')::int)::int as calls,
        avg((s.report ->> 'meanMs')::float8) as mean_ms
      from shards s join last on last.slot = s.slot join connections c on c.id = s.connection_id
      where s.kind = 'metrics' group by c.kind)
    select kind, connections, coalesce(accounts, 0) as accounts, coalesce(suspended, 0) as suspended,
      limit_known as "limitKnown", figures_today as "figuresToday", age_ms as "figuresAgeMs", coalesce(changes, 0) as changes,
      detection_ms as "detectionMs", coalesce(alerts, 0) as alerts, delivered, attempted, succeeded, requests,
      calls::float8 / nullif(attempted, 0) as "callsPerAccount", mean_ms as "metaMeanMs"
    from kinds left join fleet using (kind) left join changed using (kind) left join told using (kind) left join cycle using (kind)
    order by kind`;
}
