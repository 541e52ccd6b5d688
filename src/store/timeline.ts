import type { State } from '../domain/status.ts';
import type { Sql } from '../ports/sql.ts';

/** One entry of an account's timeline; which columns are filled depends on where it comes from. Instants are epoch ms. */
export interface TimelineRow {
  source: 'change' | 'log' | 'alert' | 'note';
  /** Sorts entries of one instant. */
  rank: number;
  id: number;
  at: number;
  seenAt: number | null;
  /** Kind of the change, type of the log's event, title of the alert, author of the note. */
  name: string;
  fromCode: number | null;
  toCode: number | null;
  fromState: State | null;
  toState: State | null;
  fromMinor: number | null;
  toMinor: number | null;
  words: string | null;
  extra: string | null;
  resolvedAt: number | null;
  acknowledgedBy: string | null;
  channels: string[] | null;
}

export interface TimelineSelection {
  kind: 'status' | 'limits' | 'log' | 'alerts' | 'notes' | null;
  /** Only entries before this place. */
  before: { at: number; rank: number; id: number } | null;
  limit: number;
}

/**
 * What happened to an account, newest first: changes, Meta's log, alerts, notes. Where a change was dated by an entry of the
 * log, that entry is left to those who ask for the log.
 */
export async function readTimeline(
  sql: Sql,
  accountNo: number,
  { kind, before, limit }: TimelineSelection,
): Promise<TimelineRow[]> {
  const { at, rank, id } = before ?? { at: Infinity, rank: 9, id: 0 };
  return sql<TimelineRow>`
    select * from (
      select 'change' as source, 3 as rank, t.id, date_trunc('milliseconds', coalesce(t.occurred_at, t.detected_at)) as at,
        case when t.occurred_at is distinct from t.detected_at and t.occurred_at is not null then t.detected_at end as "seenAt",
        t.kind as name, t.from_code as "fromCode", t.to_code as "toCode", t.from_state as "fromState", t.to_state as "toState",
        t.from_minor as "fromMinor", t.to_minor as "toMinor", null as words, null as extra,
        null::timestamptz as "resolvedAt", null as "acknowledgedBy", null::jsonb as channels
      from transitions t
      where t.account_no = ${accountNo} and (${kind}::text is null or ${kind}::text =
        case when t.kind in ('daily_limit_changed', 'spend_cap_changed', 'amount_spent_reset') then 'limits' else 'status' end)
      union all
      select 'log', 1, e.id, date_trunc('milliseconds', e.occurred_at), null, e.event_type, null, null, null, null, null, null,
        e.words, e.extra, null, null, null
      from activities e
      where e.account_no = ${accountNo} and (${kind}::text = 'log' or ${kind}::text is null and not (
        e.event_type = 'ad_account_update_status' and exists (
          select from transitions t where t.account_no = e.account_no and t.occurred_at = e.occurred_at)))
      union all
      select 'alert', 2, al.id, date_trunc('milliseconds', al.opened_at), null, al.title, null, null, null, null, null, null,
        null, al.severity, al.resolved_at, al.acknowledged_by,
        (select coalesce(jsonb_agg(distinct c.name), '[]') from deliveries d join channels c on c.id = d.channel_id
          where d.alert_id = al.id and d.state = 'sent')
      from alerts al join alert_accounts aa on aa.alert_id = al.id
      where aa.account_no = ${accountNo} and (${kind}::text is null or ${kind}::text = 'alerts')
      union all
      select 'note', 0, n.id, date_trunc('milliseconds', n.written_at), null, n.author, null, null, null, null, null, null,
        n.words, null, null, null, null
      from notes n where n.account_no = ${accountNo} and (${kind}::text is null or ${kind}::text = 'notes')
    ) entries
    where (at, rank, id) < (${at}::timestamptz, ${rank}::int, ${id}::int8)
    order by at desc, rank desc, id desc
    limit ${limit}::int8`;
}
