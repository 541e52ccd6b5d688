import type { Sql } from '../ports/sql.ts';

/** Writes down what changes seldom (status, limits, caps, ads) as it stands now, for accounts where some of it has changed. */
export async function recordStandings(sql: Sql, accountNos: readonly number[], at: number): Promise<void> {
  if (accountNos.length === 0) return;
  await sql`
    insert into standings (account_no, since, status_code, daily_limit_minor, daily_limit_source, spend_cap_minor,
      spend_cap_source, active_ads, total_ads, rejected_ads)
    select l.account_no, ${at}::timestamptz, l.status_code, coalesce(a.operator_limit_minor, l.meta_limit_minor),
      case when a.operator_limit_minor is not null then 'operator' else l.meta_limit_source end,
      l.spend_cap_minor, l.spend_cap_source, l.active_ads, l.total_ads, l.rejected_ads
    from latest l join accounts a on a.no = l.account_no
    where l.account_no = any (${accountNos}::int[])
    on conflict (account_no, since) do update set status_code = excluded.status_code,
      daily_limit_minor = excluded.daily_limit_minor, daily_limit_source = excluded.daily_limit_source,
      spend_cap_minor = excluded.spend_cap_minor, spend_cap_source = excluded.spend_cap_source,
      active_ads = excluded.active_ads, total_ads = excluded.total_ads, rejected_ads = excluded.rejected_ads`;
}
