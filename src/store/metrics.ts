import type { AccountId } from '../domain/account.ts';
import type { AdsReading, DayReading } from '../domain/observation.ts';
import type { DailyLimit } from '../domain/pace.ts';
import type { MetricsRequest } from '../ports/account-source.ts';
import type { Sql } from '../ports/sql.ts';

/** How old each figure may get before it is read again, in milliseconds. */
export interface Cadence {
  adsMs: number;
  limitMs: number;
  /** Accounts that deliver nothing any more are read this seldom. */
  downMs: number;
}

/** What is due to be read of a connection's accounts at `at`. Accounts without access wait until they are back. */
export async function listDueMetrics(
  sql: Sql,
  connectionId: number,
  at: number,
  cadence: Cadence,
): Promise<MetricsRequest[]> {
  const rows = await sql<
    { accountId: AccountId; currency: string; timezone: string } & MetricsRequest['wants']
  >`
    select a.account_id as "accountId", a.currency, a.timezone,
      (l.state not in ('suspended', 'closing', 'closed') or l.metrics_at is null or l.metrics_at <= ${at - cadence.downMs}) as today,
      (l.ads_read_at is null or l.ads_read_at <= ${at - cadence.adsMs}) as ads,
      ((l.limit_read_at is null or l.limit_read_at <= ${at - cadence.limitMs})
        and (l.limit_refused_until is null or l.limit_refused_until <= ${at})) as "limit",
      l.history_read_at is null as history
    from accounts a join latest l on l.account_no = a.no
    where a.connection_id = ${connectionId} and a.archived_at is null and l.has_access
    order by a.no`;
  return rows
    .map(({ accountId, currency, timezone, ...wants }) => ({ accountId, currency, timezone, wants }))
    .filter(({ wants }) => wants.today || wants.history);
}

/** Writes today's figures into `latest`; a reading older than the stored one changes nothing. */
export async function writeToday(
  sql: Sql,
  days: readonly (DayReading & { accountNo: number })[],
  at: number,
): Promise<void> {
  await sql`
    update latest l set day = u.day, spend_minor = u.spend, impressions = u.impressions, clicks = u.clicks,
      outbound_clicks = u.outbound, cpc = u.cpc, metrics_at = ${at}::timestamptz, failure = null
    from unnest(
      ${days.map((d) => d.accountNo)}::int[], ${days.map((d) => d.day)}::date[], ${days.map((d) => d.spendMinor)}::int8[],
      ${days.map((d) => d.impressions)}::int8[], ${days.map((d) => d.clicks)}::int8[], ${days.map((d) => d.outboundClicks)}::int8[],
      ${days.map((d) => d.cpc)}::numeric[]) as u (no, day, spend, impressions, clicks, outbound, cpc)
    where l.account_no = u.no and (l.metrics_at is null or l.metrics_at <= ${at}::timestamptz)`;
}

/** Writes the counts of ads. */
export async function writeAds(
  sql: Sql,
  ads: readonly (AdsReading & { accountNo: number })[],
  at: number,
): Promise<void> {
  await sql`
    update latest l set active_ads = u.active, total_ads = u.total, ads_read_at = ${at}
    from unnest(${ads.map((a) => a.accountNo)}::int[], ${ads.map((a) => a.activeAds)}::int[], ${ads.map((a) => a.totalAds)}::int[])
      as u (no, active, total)
    where l.account_no = u.no`;
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
export async function writeRefusedLimits(sql: Sql, accountNos: number[], until: number): Promise<void> {
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

export async function markHistoryRead(sql: Sql, accountNos: number[], at: number): Promise<void> {
  await sql`update latest set history_read_at = ${at} where account_no = any (${accountNos}::int[])`;
}

/** A dead account whose end Meta's activity log has not been asked about yet. */
export interface UntoldStory {
  accountNo: number;
  accountId: AccountId;
  connectionId: number;
  timezone: string;
  stateSince: number | null;
}

export async function listUntoldStories(sql: Sql, most: number): Promise<UntoldStory[]> {
  return sql<UntoldStory>`
    select a.no as "accountNo", a.account_id as "accountId", a.connection_id as "connectionId", a.timezone,
      l.state_since as "stateSince"
    from latest l join accounts a on a.no = l.account_no
    where l.state in ('suspended', 'closing', 'closed') and a.archived_at is null and l.has_access
      and (l.story_read_at is null or l.story_read_at < l.state_since)
      -- Of an account found dead only its history tells what it spent on its last day.
      and (l.state_since is not null or l.history_read_at is not null)
    order by l.state_since desc nulls last limit ${most}`;
}

/** Writes when and with what an account ended. The time of Meta's log wins over the time of our detection. */
export async function writeStory(
  sql: Sql,
  accountNo: number,
  story: { occurredAt: number | null; occurredDay: string | null; lifetimeClicks: number | null; at: number },
): Promise<void> {
  await sql`
    update latest l set story_read_at = ${story.at},
      state_since = coalesce(${story.occurredAt}, l.state_since),
      state_since_source = case when ${story.occurredAt}::timestamptz is null then l.state_since_source else 'meta' end,
      suspended_at = case when l.state = 'suspended' then coalesce(${story.occurredAt}, l.suspended_at) end,
      lifetime_clicks = coalesce(${story.lifetimeClicks}, l.lifetime_clicks),
      final_spend_minor = coalesce(l.final_spend_minor,
        (select d.spend_minor from account_days d where d.account_no = l.account_no and d.day = ${story.occurredDay}::date),
        -- Meta leaves out days without delivery; within the history a missing day is a truthful zero.
        case when exists (select from account_days d where d.account_no = l.account_no and d.day < ${story.occurredDay}::date) then 0 end)
    where l.account_no = ${accountNo}`;
  await sql`
    update transitions set occurred_at = ${story.occurredAt}
    where ${story.occurredAt}::timestamptz is not null and occurred_at is null
      and id = (select max(id) from transitions where account_no = ${accountNo} and kind = 'status_changed')`;
}
