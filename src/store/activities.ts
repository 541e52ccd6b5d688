import type { AccountId } from '../domain/account.ts';
import type { ActivityReading } from '../domain/observation.ts';
import type { Sql } from '../ports/sql.ts';

/** Keeps entries of Meta's activity log; the same entry is kept once. */
export async function recordActivities(
  sql: Sql,
  entries: readonly (ActivityReading & { accountNo: number })[],
  at: number,
): Promise<void> {
  if (entries.length === 0) return;
  await sql`
    insert into activities (account_no, occurred_at, event_type, extra, words, read_at)
    select *, ${at}::timestamptz from unnest(
      ${entries.map((e) => e.accountNo)}::int[], ${entries.map((e) => e.occurredAt)}::timestamptz[],
      ${entries.map((e) => e.eventType)}::text[], ${entries.map((e) => e.extra)}::text[], ${entries.map((e) => e.words)}::text[])
    on conflict (account_no, occurred_at, event_type, md5(extra)) do nothing`;
}

/** How far the log's clock may be from ours. */
const skewMs = 2 * 60_000;

/**
 * Gives changes of status the moment that Meta's log names: the newest entry between the last sight of the old state and the
 * detection. Where the log is silent the time of detection stays. Answers the accounts that were dated.
 */
export async function dateChanges(sql: Sql, accountNos: readonly number[]): Promise<AccountId[]> {
  const rows = await sql<{ accountId: AccountId }>`
    with dated as (
      update transitions t set occurred_at = least(e.occurred_at, t.detected_at)
      from (
        select t.id, max(e.occurred_at) as occurred_at
        from transitions t join activities e on e.account_no = t.account_no
        where t.account_no = any (${accountNos}::int[]) and t.kind = 'status_changed' and t.occurred_at is null
          and e.event_type = 'ad_account_update_status'
          and e.occurred_at >= t.last_seen_at - ${skewMs}::int8 * interval '1 millisecond'
          and e.occurred_at <= t.detected_at + ${skewMs}::int8 * interval '1 millisecond'
        group by t.id) e
      where t.id = e.id returning t.id, t.account_no, t.occurred_at),
    newest as (select distinct on (account_no) * from dated order by account_no, id desc),
    told as (
      update latest l set state_since = n.occurred_at, state_since_source = 'meta',
        suspended_at = case when l.state = 'suspended' then n.occurred_at end
      from newest n
      -- Only the change that led to what holds now.
      where l.account_no = n.account_no
        and n.id = (select max(id) from transitions t where t.account_no = n.account_no and t.kind = 'status_changed'))
    select a.account_id as "accountId" from newest n join accounts a on a.no = n.account_no`;
  return rows.map(({ accountId }) => accountId);
}

/** How long it took from a change at Meta to our knowing, over the changes detected since an instant. Milliseconds. */
export async function readDetection(
  sql: Sql,
  since: number,
): Promise<{ changes: number; p50Ms: number | null; p95Ms: number | null }> {
  const [row] = await sql<{ changes: number; p50Ms: number | null; p95Ms: number | null }>`
    select count(*) as changes,
      round(percentile_cont(0.5) within group (order by took))::int8 as "p50Ms",
      round(percentile_cont(0.95) within group (order by took))::int8 as "p95Ms"
    from (
      select greatest(0, extract(epoch from detected_at - occurred_at) * 1000)::float8 as took
      from transitions where kind = 'status_changed' and occurred_at is not null and detected_at >= ${since}) t`;
  return row ?? { changes: 0, p50Ms: null, p95Ms: null };
}
