import type { AccountId } from '../domain/account.ts';
import type { ReadState } from '../domain/due.ts';
import type { AdsReading, DayReading } from '../domain/observation.ts';
import type { DailyLimit } from '../domain/pace.ts';
import type { Sql } from '../ports/sql.ts';
import { slotSeconds } from './snapshots.ts';
import type { ShardPlan } from './cycles.ts';

/** An account of a shard, with what is known of its reads. */
export interface ReadableAccount extends ReadState {
  accountId: AccountId;
  /** Whether the slot has a snapshot; without `isSlotFilled` it stems from a clock that was ahead. */
  hasSnapshot: boolean;
  currency: string;
  timezone: string;
}

/** The accounts of a shard that can be read at all, with when each thing was last read of them. */
export async function listReadable(sql: Sql, plan: ShardPlan, slotAt: number): Promise<ReadableAccount[]> {
  const rows = await sql<Omit<ReadableAccount, 'isSlotFilled'>>`
    select a.no as "accountNo", a.account_id as "accountId", a.currency, a.timezone, l.state, a.date_added as "addedAt",
      exists (select from snapshots s where s.account_no = a.no and s.slot = ${slotSeconds(slotAt)}::int) as "hasSnapshot",
      r.denied_at as "deniedAt", l.metrics_at as "metricsAt", l.ads_read_at as "adsReadAt", l.limit_read_at as "limitReadAt",
      l.limit_refused_until as "limitRefusedUntil", p.details_read_at as "detailsReadAt",
      p.activities_read_at as "activitiesReadAt", p.closed_day as "closedDay", p.history_from as "historyFrom",
      p.hours_from as "hoursFrom", p.hours_to as "hoursTo", p.history_failed_at as "historyFailedAt"
    from accounts a
    join latest l on l.account_no = a.no
    join particulars p on p.account_no = a.no
    left join reach r on r.account_no = a.no and r.connection_id = a.connection_id
    where a.connection_id = ${plan.connectionId} and a.no % ${plan.parts}::int = ${plan.part}::int
      and a.archived_at is null and l.has_access
    order by a.no`;
  const isOfSlot = ({ metricsAt }: Pick<ReadableAccount, 'metricsAt'>) =>
    metricsAt !== null && metricsAt >= slotAt;
  return rows.map((row) => ({ ...row, isSlotFilled: row.hasSnapshot && isOfSlot(row) }));
}

/** One account's day as the write takes it. */
export interface TodayWrite extends DayReading {
  accountNo: number;
  hasSnapshot: boolean;
  /** Whether Meta's cost per click is what spend and clicks give, so that the snapshot need not keep it. */
  isCpcDerived: boolean;
}

/**
 * Writes today's figures into `latest` and as the slot's snapshot, and closes the account-day before where a new one has
 * begun: one statement, because this is what every account costs in every cycle. A reading older than the stored one changes
 * nothing, nor does yesterday's after midnight. Answers how many were taken.
 */
export async function writeToday(
  sql: Sql,
  slotAt: number,
  days: readonly TodayWrite[],
  at: number,
): Promise<number> {
  const slot = slotSeconds(slotAt);
  const [row] = await sql<{ taken: number }>`
    with u as (
      select * from unnest(
        ${days.map((d) => d.accountNo)}::int[], ${days.map((d) => d.day)}::date[], ${days.map((d) => d.spendMinor)}::int8[],
        ${days.map((d) => d.impressions)}::int8[], ${days.map((d) => d.clicks)}::int8[],
        ${days.map((d) => d.outboundClicks)}::int8[], ${days.map((d) => d.cpc)}::numeric[],
        ${days.map((d) => d.isCpcDerived)}::boolean[], ${days.map((d) => d.hasSnapshot)}::boolean[])
        as u (no, day, spend, impressions, clicks, outbound, cpc, derived, kept)),
    closed as (
      insert into account_days as d (account_no, day, spend_minor, impressions, clicks, outbound_clicks, read_at,
        live_spend_minor, live_at, spent_growth_minor)
      select l.account_no, l.day, l.spend_minor, l.impressions, l.clicks, l.outbound_clicks, l.metrics_at,
        l.spend_minor, l.metrics_at, l.amount_spent_minor - l.amount_spent_at_dawn_minor
      from latest l join u on u.no = l.account_no where l.day < u.day and l.spend_minor is not null
      on conflict (account_no, day) do update set live_spend_minor = excluded.live_spend_minor, live_at = excluded.live_at,
        spent_growth_minor = excluded.spent_growth_minor),
    written as (
      update latest l set day = u.day, spend_minor = u.spend, impressions = u.impressions, clicks = u.clicks,
        outbound_clicks = u.outbound, cpc = u.cpc, metrics_at = ${at}::timestamptz, failure = null,
        amount_spent_at_dawn_minor =
          case when l.day = u.day then l.amount_spent_at_dawn_minor when l.day < u.day then l.amount_spent_minor end
      from u
      where l.account_no = u.no
        and (l.metrics_at is null or l.metrics_at <= ${at}::timestamptz)
        and (l.day is null or l.day <= u.day
          -- A day that was only concluded from silence, by a clock that is ahead of Meta's, gives way to a row of Meta's.
          or l.spend_minor = 0 and l.impressions = 0 and l.metrics_at <= ${at - silentMs}::timestamptz)
      returning l.account_no, l.amount_spent_minor, l.balance_due_minor),
    kept as (
      insert into snapshots (slot, account_no, amount_spent_minor, spend_minor, balance_due_minor, clicks, outbound_clicks, cpc)
      select ${slot}::int, w.account_no, w.amount_spent_minor, u.spend, w.balance_due_minor, u.clicks, u.outbound,
        case when not u.derived then u.cpc end
      -- No ON CONFLICT, which would cost each row a second WAL record: whoever holds the shard asks only for accounts that
      -- have no snapshot of the slot yet, and for each of them once.
      from written w join u on u.no = w.account_no where not u.kept)
    select count(*) as taken from written`;
  const again = days.filter(({ hasSnapshot }) => hasSnapshot);
  if (again.length > 0) await replaceSnapshots(sql, slot, again, at);
  return row?.taken ?? 0;
}

/** Snapshots of this slot from a time when the clock was ahead. */
async function replaceSnapshots(
  sql: Sql,
  slot: number,
  days: readonly TodayWrite[],
  at: number,
): Promise<void> {
  await sql`
    update snapshots s set amount_spent_minor = l.amount_spent_minor, spend_minor = l.spend_minor,
      balance_due_minor = l.balance_due_minor, clicks = l.clicks, outbound_clicks = l.outbound_clicks,
      cpc = case when not u.derived then l.cpc end
    from unnest(${days.map((d) => d.accountNo)}::int[], ${days.map((d) => d.isCpcDerived)}::boolean[]) as u (no, derived)
    join latest l on l.account_no = u.no
    where s.slot = ${slot}::int and s.account_no = u.no and l.metrics_at = ${at}`;
}

/** One cycle of the shortest usual interval, and nearly a second one. */
const silentMs = 9 * 60_000;

/** Writes the counts of ads; answers the accounts whose counts have changed. */
export async function writeAds(
  sql: Sql,
  ads: readonly (AdsReading & { accountNo: number })[],
  at: number,
): Promise<number[]> {
  const rows = await sql<{ no: number }>`
    with u as (
      select * from unnest(${ads.map((a) => a.accountNo)}::int[], ${ads.map((a) => a.activeAds)}::int[],
        ${ads.map((a) => a.totalAds)}::int[], ${ads.map((a) => a.rejectedAds)}::int[]) as u (no, active, total, rejected)),
    moved as (
      select l.account_no from latest l join u on u.no = l.account_no
      where (l.active_ads, l.total_ads, l.rejected_ads) is distinct from (u.active, u.total, u.rejected)),
    written as (
      update latest l set active_ads = u.active, total_ads = u.total, rejected_ads = u.rejected, ads_read_at = ${at}
      from u where l.account_no = u.no)
    select account_no as no from moved`;
  return rows.map(({ no }) => no);
}

/** Writes Meta's own daily limits. */
export async function writeLimits(
  sql: Sql,
  limits: readonly { accountNo: number; limit: DailyLimit }[],
  at: number,
): Promise<void> {
  await sql`
    update latest l set meta_limit_minor = u.minor, meta_limit_source = u.source, limit_read_at = ${at}
    from unnest(${limits.map((l) => l.accountNo)}::int[], ${limits.map((l) => l.limit.minor)}::int8[], ${limits.map((l) => l.limit.source)}::text[])
      as u (no, minor, source)
    where l.account_no = u.no`;
}

/** Notes that Meta does not tell these limits to this token: unknown, and not asked again before `until`. */
export async function writeRefusedLimits(
  sql: Sql,
  accountNos: readonly number[],
  until: number,
): Promise<void> {
  await sql`
    update latest set meta_limit_minor = null, meta_limit_source = 'unknown', limit_refused_until = ${until}
    where account_no = any (${accountNos}::int[])`;
}

/** Notes why these accounts' figures could not be read; the last good ones stay, with their age. */
export async function writeFailures(
  sql: Sql,
  failures: readonly { accountId: AccountId; detail: string }[],
): Promise<void> {
  await sql`
    update latest l set failure = u.detail
    from unnest(${failures.map((f) => f.accountId)}::text[], ${failures.map((f) => f.detail)}::text[]) as u (account_id, detail)
    join accounts a on a.account_id = u.account_id
    where l.account_no = a.no and l.failure is distinct from u.detail`;
}
