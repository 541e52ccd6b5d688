import { unassignedVendor, type AccountId } from '../domain/account.ts';
import type { DailyLimit, SpendCap } from '../domain/pace.ts';
import type { State } from '../domain/status.ts';
import type { Sql } from '../ports/sql.ts';

/** Everything known of one account now. Amounts are minor units of `currency`, instants epoch ms, unknown is null. */
export interface CardRow {
  account_id: AccountId;
  name: string | null;
  vendor: string;
  connection: string;
  is_simulated: boolean;
  business_id: string | null;
  currency: string;
  timezone: string;
  date_added: number;
  state: State;
  status_code: number | null;
  disable_reason: number | null;
  state_since: number | null;
  state_since_source: 'meta' | 'detected' | null;
  suspended_at: number | null;
  observed_at: number | null;
  metrics_at: number | null;
  spend_minor: number | null;
  clicks: number | null;
  outbound_clicks: number | null;
  lifetime_clicks: number | null;
  cpc: string | null;
  active_ads: number | null;
  total_ads: number | null;
  amount_spent_minor: number | null;
  balance_due_minor: number | null;
  spend_cap_minor: number | null;
  spend_cap_source: SpendCap['source'];
  operator_limit_minor: number | null;
  meta_limit_minor: number | null;
  meta_limit_source: 'meta' | 'unlimited' | 'unknown';
  final_spend_minor: number | null;
  final_limit_minor: number | null;
  final_limit_source: DailyLimit['source'] | null;
  /** Sums of the 7 account-days before `latest.day`; null when none of them is stored. */
  week_spend_minor: number | null;
  week_clicks: number | null;
  /** Whether the daily limit changed in the last 7 days; `limit_before_minor` is what it was before that. */
  has_limit_change: boolean;
  limit_before_minor: number | null;
  /** Whether the account was discovered 7 days ago or earlier. */
  is_known_for_week: boolean;
  tags: string[];
  /** How the account spends its day, else its vendor's accounts; null while neither is known. */
  day_curve: number[] | null;
}

/** Which accounts to read; what is left out does not narrow. */
export interface CardSelection {
  accountIds?: readonly AccountId[];
  vendor?: string | undefined;
  connection?: string | undefined;
  state?: State | undefined;
  /** Part of the id, the name or the vendor, in either case. */
  words?: string | undefined;
  /** Only ids that sort behind this one. */
  after?: AccountId | undefined;
  limit?: number;
  /** Archived accounts are left out unless this is true. */
  withArchived?: boolean;
}

const weekMs = 7 * 86_400_000;

/** The accounts of a selection at the instant `at`, sorted by id. */
export async function readCards(sql: Sql, at: number, selection: CardSelection): Promise<CardRow[]> {
  const accountIds = selection.accountIds ?? null;
  const vendor = selection.vendor ?? null;
  const connection = selection.connection ?? null;
  const state = selection.state ?? null;
  const words = selection.words ?? null;
  const after = selection.after ?? null;
  const weekAgo = at - weekMs;
  // The changes are looked up in one object because a prepared plan, which cannot know how many accounts the selection
  // holds, would join them row by row.
  return sql<CardRow>`
    with changes as materialized (
      select coalesce(jsonb_object_agg(oldest.account_no, oldest.from_minor), '{}') as limit_before
      from (
        select distinct on (t.account_no) t.account_no, t.from_minor
        from transitions t
        where t.kind = 'daily_limit_changed' and t.detected_at >= ${weekAgo}::timestamptz
        order by t.account_no, t.detected_at, t.id
      ) oldest
    )
    select
      a.account_id, a.name, owner.vendor, c.name as connection, c.kind = 'simulation' as is_simulated,
      a.business_id, a.currency, a.timezone, a.date_added, a.operator_limit_minor,
      standing.state, l.status_code, l.disable_reason, l.state_since, l.state_since_source, l.suspended_at,
      l.observed_at, l.metrics_at, l.spend_minor, l.clicks, l.outbound_clicks, l.lifetime_clicks, l.cpc,
      l.active_ads, l.total_ads, l.amount_spent_minor, l.balance_due_minor,
      l.spend_cap_minor, coalesce(l.spend_cap_source, 'unknown') as spend_cap_source,
      l.meta_limit_minor, coalesce(l.meta_limit_source, 'unknown') as meta_limit_source,
      l.final_spend_minor, l.final_limit_minor, l.final_limit_source,
      week.spend_minor as week_spend_minor, week.clicks as week_clicks,
      changes.limit_before ? a.no::text as has_limit_change,
      (changes.limit_before ->> a.no::text)::bigint as limit_before_minor,
      a.date_added <= ${weekAgo}::timestamptz as is_known_for_week,
      array(select t.tag from account_tags t where t.account_no = a.no order by t.tag) as tags,
      coalesce(p.day_curve, v.day_curve) as day_curve
    from accounts a
    join connections c on c.id = a.connection_id
    left join vendors v on v.id = a.vendor_id
    left join latest l on l.account_no = a.no
    left join particulars p on p.account_no = a.no
    cross join lateral (select coalesce(v.name, ${unassignedVendor}) as vendor) owner
    cross join lateral (
      select case when a.archived_at is null then coalesce(l.state, 'unknown') else 'archived' end as state
    ) standing
    left join lateral (
      select sum(d.spend_minor)::bigint as spend_minor, sum(d.clicks)::bigint as clicks
      from account_days d
      where d.account_no = a.no and d.day >= l.day - 7 and d.day < l.day
    ) week on true
    cross join changes
    where (a.archived_at is null or ${selection.withArchived ?? false}::boolean)
      and (${accountIds}::text[] is null or a.account_id = any (${accountIds}::text[]))
      and (${after}::text is null or a.account_id > ${after}::text)
      and (${vendor}::text is null or owner.vendor = ${vendor}::text)
      and (${connection}::text is null or c.name = ${connection}::text)
      and (${state}::text is null or standing.state = ${state}::text)
      and (${words}::text is null
        or strpos(lower(concat_ws(chr(10), a.account_id, a.name, owner.vendor)), lower(${words}::text)) > 0)
    order by a.account_id
    limit ${selection.limit ?? null}::bigint`;
}
