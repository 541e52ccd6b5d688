import type { AccountId } from '../domain/account.ts';
import type { DailyLimit, SpendCap } from '../domain/pace.ts';
import type { Sql } from '../ports/sql.ts';
import { firstSlotFrom } from './snapshots.ts';

/** Whose history it is; null when there is no account of this id. */
export async function findAccount(
  sql: Sql,
  accountId: AccountId,
): Promise<{ no: number; currency: string } | null> {
  const [row] = await sql<{ no: number; currency: string }>`
    select no, currency from accounts where account_id = ${accountId}`;
  return row ?? null;
}

/** One stored snapshot. Amounts are minor units; `slot` is seconds as `slotInstant` reads them. */
export interface SnapshotRow {
  slot: number;
  spendMinor: number | null;
  amountSpentMinor: number | null;
  balanceDueMinor: number | null;
  clicks: number | null;
  outboundClicks: number | null;
  /** Null where it is what spend and clicks give. */
  cpc: string | null;
}

/** Snapshots of one account from `from` (inclusive) to `to` (exclusive), epoch ms, oldest first. */
export async function readSnapshots(
  sql: Sql,
  accountNo: number,
  from: number,
  to: number,
): Promise<SnapshotRow[]> {
  return sql<SnapshotRow>`
    select slot, spend_minor as "spendMinor", amount_spent_minor as "amountSpentMinor",
      balance_due_minor as "balanceDueMinor", clicks, outbound_clicks as "outboundClicks", cpc
    from snapshots
    where account_no = ${accountNo} and slot >= ${firstSlotFrom(from)}::int and slot < ${firstSlotFrom(to)}::int
    order by slot`;
}

/** The last snapshot of each hour (UTC), of the same stretch. */
export async function readHourlySnapshots(
  sql: Sql,
  accountNo: number,
  from: number,
  to: number,
): Promise<SnapshotRow[]> {
  return sql<SnapshotRow>`
    select distinct on (slot / 3600) slot, spend_minor as "spendMinor", amount_spent_minor as "amountSpentMinor",
      balance_due_minor as "balanceDueMinor", clicks, outbound_clicks as "outboundClicks", cpc
    from snapshots
    where account_no = ${accountNo} and slot >= ${firstSlotFrom(from)}::int and slot < ${firstSlotFrom(to)}::int
    order by slot / 3600, slot desc`;
}

/** What changes seldom, from an instant (epoch ms) on. */
export interface StandingRow {
  since: number;
  statusCode: number | null;
  dailyLimitMinor: number | null;
  dailyLimitSource: DailyLimit['source'];
  spendCapMinor: number | null;
  spendCapSource: SpendCap['source'];
  activeAds: number | null;
  totalAds: number | null;
}

/** The standings that held between two instants, oldest first: the last before `from`, and those after it. */
export async function readStandings(
  sql: Sql,
  accountNo: number,
  from: number,
  to: number,
): Promise<StandingRow[]> {
  return sql<StandingRow>`
    select since, status_code as "statusCode", daily_limit_minor as "dailyLimitMinor",
      daily_limit_source as "dailyLimitSource", spend_cap_minor as "spendCapMinor", spend_cap_source as "spendCapSource",
      active_ads as "activeAds", total_ads as "totalAds"
    from standings
    where account_no = ${accountNo} and since < ${to}
      and since >= coalesce(
        (select max(since) from standings where account_no = ${accountNo} and since <= ${from}::timestamptz), '-infinity')
    order by since`;
}

/** One account-day that is over. */
export interface DayRow {
  day: string;
  spendMinor: number;
  clicks: number;
  outboundClicks: number;
}

/** Account-days from one date to another, both included, oldest first. */
export async function readDays(sql: Sql, accountNo: number, from: string, to: string): Promise<DayRow[]> {
  return sql<DayRow>`
    select day, spend_minor as "spendMinor", clicks, outbound_clicks as "outboundClicks"
    from account_days where account_no = ${accountNo} and day >= ${from} and day <= ${to} order by day`;
}
