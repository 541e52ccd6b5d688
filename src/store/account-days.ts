import type { Sql } from '../ports/sql.ts';

/** One account-day as Meta tells it. Amounts are minor units of the account's currency. */
export interface AccountDay {
  accountNo: number;
  day: string;
  spendMinor: number;
  impressions: number;
  clicks: number;
  outboundClicks: number;
}

/** Writes days that are over; a newer reading replaces an older one, and the last live figure stays beside it. */
export async function recordClosedDays(sql: Sql, days: readonly AccountDay[], at: number): Promise<void> {
  if (days.length === 0) return;
  await sql`
    insert into account_days (account_no, day, spend_minor, impressions, clicks, outbound_clicks, read_at, closed_at)
    select u.*, ${at}::timestamptz, ${at}::timestamptz from unnest(
      ${days.map((d) => d.accountNo)}::int[], ${days.map((d) => d.day)}::date[], ${days.map((d) => d.spendMinor)}::int8[],
      ${days.map((d) => d.impressions)}::int8[], ${days.map((d) => d.clicks)}::int8[], ${days.map((d) => d.outboundClicks)}::int8[])
      as u (no, day, spend, impressions, clicks, outbound)
    -- By a clock that is ahead a day seems over that has not even begun at Meta.
    left join latest l on l.account_no = u.no where l.day is null or u.day < l.day
    on conflict (account_no, day) do update set
      spend_minor = excluded.spend_minor, impressions = excluded.impressions, clicks = excluded.clicks,
      outbound_clicks = excluded.outbound_clicks, read_at = excluded.read_at, closed_at = excluded.closed_at
    where account_days.closed_at is null or account_days.closed_at <= excluded.closed_at
      or account_days.closed_at > ${at + clockToleranceMs}::timestamptz`;
}

/** A clock that was ahead leaves readings of the future behind; beyond this they do not count as newer. */
const clockToleranceMs = 60_000;

/** One hour of an account-day. */
export interface AccountHour {
  accountNo: number;
  day: string;
  hour: number;
  spendMinor: number;
  clicks: number;
  outboundClicks: number;
}

/** Writes hours of days that are over; a newer reading replaces an older one. */
export async function recordHours(sql: Sql, hours: readonly AccountHour[]): Promise<void> {
  if (hours.length === 0) return;
  await sql`
    insert into account_hours (account_no, day, hour, spend_minor, clicks, outbound_clicks)
    select * from unnest(
      ${hours.map((h) => h.accountNo)}::int[], ${hours.map((h) => h.day)}::date[], ${hours.map((h) => h.hour)}::int2[],
      ${hours.map((h) => h.spendMinor)}::int8[], ${hours.map((h) => h.clicks)}::int8[], ${hours.map((h) => h.outboundClicks)}::int8[])
    on conflict (account_no, day, hour) do update set
      spend_minor = excluded.spend_minor, clicks = excluded.clicks, outbound_clicks = excluded.outbound_clicks`;
}

/** Forgets account-hours before a day; account-days are kept for good. */
export async function dropOldHours(sql: Sql, before: string): Promise<void> {
  await sql`delete from account_hours where day < ${before}`;
}
