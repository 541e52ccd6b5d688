import type { Sql } from '../ports/sql.ts';

/** Makes sure that the day partitions from `firstDay` (UTC, `YYYY-MM-DD`) exist for `days` days. */
export async function ensurePartitions(sql: Sql, firstDay: string, days: number): Promise<void> {
  await sql`select ensure_snapshot_partitions(${firstDay}::date, ${days}::int)`;
}

/** Writes what `latest` now says of these accounts as their snapshot of a slot; a repeated slot is overwritten. */
export async function recordSnapshots(sql: Sql, slotAt: number, accountNos: number[]): Promise<void> {
  await sql`
    insert into snapshots (account_no, slot_at, day, status_code, active_ads, total_ads, clicks, outbound_clicks, spend_minor,
      amount_spent_minor, balance_due_minor, spend_cap_minor, daily_limit_minor, daily_limit_source, cpc)
    select l.account_no, ${slotAt}, l.day, l.status_code, l.active_ads, l.total_ads, l.clicks, l.outbound_clicks, l.spend_minor,
      l.amount_spent_minor, l.balance_due_minor, l.spend_cap_minor, coalesce(a.operator_limit_minor, l.meta_limit_minor),
      case when a.operator_limit_minor is not null then 'o' else left(l.meta_limit_source, 2)::"char" end, l.cpc
    from unnest(${accountNos}::int[]) as n (no) join latest l on l.account_no = n.no join accounts a on a.no = n.no
    order by l.account_no
    on conflict (account_no, slot_at) do update set
      day = excluded.day, status_code = excluded.status_code, active_ads = excluded.active_ads, total_ads = excluded.total_ads,
      clicks = excluded.clicks, outbound_clicks = excluded.outbound_clicks, spend_minor = excluded.spend_minor,
      amount_spent_minor = excluded.amount_spent_minor, balance_due_minor = excluded.balance_due_minor,
      spend_cap_minor = excluded.spend_cap_minor, daily_limit_minor = excluded.daily_limit_minor,
      daily_limit_source = excluded.daily_limit_source, cpc = excluded.cpc`;
}

/** One account-day as Meta tells it. Amounts are minor units of the account's currency. */
export interface AccountDay {
  accountNo: number;
  day: string;
  spendMinor: number;
  impressions: number;
  clicks: number;
  outboundClicks: number;
}

/** Writes account-days; a newer reading replaces an older one, never the other way round. */
export async function recordAccountDays(sql: Sql, days: readonly AccountDay[], at: number): Promise<void> {
  if (days.length === 0) return;
  await sql`
    insert into account_days (account_no, day, spend_minor, impressions, clicks, outbound_clicks, read_at)
    select *, ${at}::timestamptz from unnest(
      ${days.map((d) => d.accountNo)}::int[], ${days.map((d) => d.day)}::date[], ${days.map((d) => d.spendMinor)}::int8[],
      ${days.map((d) => d.impressions)}::int8[], ${days.map((d) => d.clicks)}::int8[], ${days.map((d) => d.outboundClicks)}::int8[])
    on conflict (account_no, day) do update set
      spend_minor = excluded.spend_minor, impressions = excluded.impressions, clicks = excluded.clicks,
      outbound_clicks = excluded.outbound_clicks, read_at = excluded.read_at
    where account_days.read_at < excluded.read_at`;
}
