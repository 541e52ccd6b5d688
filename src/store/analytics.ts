import type { AccountId } from '../domain/account.ts';
import type { Sql } from '../ports/sql.ts';

/** An account as far as its vendor's record is concerned, archived ones too. Amounts are minor units, instants epoch ms. */
export interface FleetRow {
  no: number;
  accountId: AccountId;
  name: string | null;
  vendor: string;
  connection: string;
  currency: string;
  timezone: string;
  addedAt: number;
  archivedAt: number | null;
  hasAccess: boolean;
  statusCode: number | null;
  /** When access was lost; only meaningful without access. */
  stateSince: number | null;
  day: string | null;
  spendMinor: number | null;
  clicks: number | null;
  outboundClicks: number | null;
  amountSpentMinor: number | null;
  /** Somebody set the counter of the lifetime spend back. */
  isSpentReset: boolean;
}

export async function listFleet(sql: Sql): Promise<FleetRow[]> {
  return sql<FleetRow>`
    select a.no, a.account_id as "accountId", a.name, coalesce(v.name, 'Unassigned') as vendor, c.name as connection,
      a.currency, a.timezone, a.date_added as "addedAt", a.archived_at as "archivedAt",
      coalesce(l.has_access, true) as "hasAccess", l.status_code as "statusCode", l.state_since as "stateSince", l.day,
      l.spend_minor as "spendMinor", l.clicks, l.outbound_clicks as "outboundClicks",
      l.amount_spent_minor as "amountSpentMinor",
      a.no in (select account_no from transitions where kind = 'amount_spent_reset') as "isSpentReset"
    from accounts a
    join connections c on c.id = a.connection_id
    left join vendors v on v.id = a.vendor_id
    left join latest l on l.account_no = a.no
    order by a.no`;
}

/** A change of an account's status, or how it was found; when it happened, else when it was seen. */
export interface StatusTurn {
  accountNo: number;
  kind: 'discovered' | 'status_changed';
  toCode: number | null;
  at: number;
}

/** Of all accounts, oldest first. */
export async function listStatusTurns(sql: Sql): Promise<StatusTurn[]> {
  return sql<StatusTurn>`
    select account_no as "accountNo", kind, to_code as "toCode", coalesce(occurred_at, detected_at) as at
    from transitions where kind in ('discovered', 'status_changed') order by account_no, id`;
}

/** An account and the day that runs there, with the group that it is counted in. */
export interface Asked {
  no: number;
  group: number;
  today: string;
}

/** One day of all accounts of a group together. */
export interface GroupDay {
  group: number;
  day: string;
  spendMinor: number;
  clicks: number;
  outboundClicks: number;
  accounts: number;
  /** Account-days that were not read again after their end. */
  unconfirmed: number;
  /** Account-days that ended alive with a limit, the sum of their spend / limit, and how many used less than `under` of it. */
  limitDays: number;
  shares: number;
  underDays: number;
  /** Those that ended alive, but without a limit or before any was known. */
  withoutLimit: number;
}

/**
 * The sums of the account-days that have ended, from a day on, by group and day. Whole numbers below 2^53 stay exact as float8,
 * and are summed in half of the time that bigint takes, which Postgres sums as numeric.
 */
export async function sumGroupDays(
  sql: Sql,
  asked: readonly Asked[],
  { since, under }: { since: string; under: number },
): Promise<GroupDay[]> {
  // Group and running day by the account's number, which counts from 1: a join of 180,000 days takes as long as all the rest.
  const [groupOf, todayOf]: [(number | null)[], (string | null)[]] = [[], []];
  for (const { no, group, today } of asked) [groupOf[no - 1], todayOf[no - 1]] = [group, today];
  return sql<GroupDay>`
    select grp as group, day, sum(spend)::int8 as "spendMinor", sum(clicks::float8)::int8 as clicks,
      sum(outbound_clicks::float8)::int8 as "outboundClicks", count(*)::int as accounts,
      (count(*) - count(closed_at))::int as unconfirmed,
      count(share)::int as "limitDays", coalesce(sum(share), 0) as shares,
      (count(*) filter (where share < ${under}::float8))::int as "underDays",
      (count(*) filter (where share is null and not is_down))::int as "withoutLimit"
    from (
      select (${Array.from(groupOf, (group) => group ?? -1)}::int[])[account_no] as grp, day, spend_minor::float8 as spend, clicks,
        outbound_clicks, closed_at, coalesce(end_status_code in (2, 100, 101), false) as is_down,
        case when end_limit_minor > 0 and not coalesce(end_status_code in (2, 100, 101), false)
          then spend_minor::float8 / end_limit_minor end as share
      from account_days
      where day >= ${since}::date and day < (${Array.from(todayOf, (today) => today ?? since)}::date[])[account_no]) days
    group by grp, day order by grp, day`;
}

/** What each account paid over its last `days` closed account-days, and for how many outbound clicks. */
export async function sumAccountDays(
  sql: Sql,
  asked: readonly Asked[],
  days: number,
): Promise<{ no: number; spendMinor: number; outboundClicks: number }[]> {
  return sql`
    select u.no, sum(d.spend_minor)::int8 as "spendMinor", sum(d.outbound_clicks)::int8 as "outboundClicks"
    from unnest(${asked.map(({ no }) => no)}::int[], ${asked.map(({ today }) => today)}::date[]) as u (no, today)
    join account_days d on d.account_no = u.no and d.day >= u.today - ${days}::int and d.day < u.today
    group by u.no`;
}
