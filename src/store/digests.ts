import type { ClosedDay, DigestFigures } from '../domain/digest.ts';
import type { Sql } from '../ports/sql.ts';

/** The zone of the owner, the first admin, and when the house had him; null while there is none. */
export async function findOwner(sql: Sql): Promise<{ timezone: string; createdAt: number } | null> {
  const [row] = await sql<{ timezone: string; createdAt: number }>`
    select timezone, created_at as "createdAt" from members
    where role = 'admin' and disabled_at is null order by created_at, id limit 1`;
  return row ?? null;
}

/** Of each account the newest account-day that closed since an instant. */
export async function listDaysClosed(
  sql: Sql,
  since: number,
): Promise<{ accountNo: number; day: string; zone: string }[]> {
  return sql`
    select distinct on (d.account_no) d.account_no as "accountNo", d.day, a.timezone as zone
    from account_days d join accounts a on a.no = d.account_no
    where d.closed_at >= ${since} and a.archived_at is null
    order by d.account_no, d.day desc`;
}

/** These account-days with the daily limit that was in force when each ended (epoch ms); days without a limit are left out. */
export async function readClosedDays(
  sql: Sql,
  days: readonly { accountNo: number; day: string; endedAt: number }[],
): Promise<ClosedDay[]> {
  return sql<ClosedDay>`
    select a.account_id as "accountId", a.name, coalesce(v.name, 'Unassigned') as vendor, d.day, a.currency,
      d.spend_minor as "spendMinor", s.daily_limit_minor as "limitMinor"
    from unnest(${days.map((d) => d.accountNo)}::int[], ${days.map((d) => d.day)}::date[],
      ${days.map((d) => new Date(d.endedAt).toISOString())}::timestamptz[]) as asked (no, day, ended_at)
    join account_days d on d.account_no = asked.no and d.day = asked.day
    join accounts a on a.no = asked.no
    left join vendors v on v.id = a.vendor_id
    cross join lateral (
      select daily_limit_minor from standings
      where account_no = asked.no and since < asked.ended_at order by since desc limit 1) s
    where s.daily_limit_minor is not null
    order by a.account_id`;
}

/** Which accounts died, or came back from the dead, since an instant. */
export async function listLives(
  sql: Sql,
  which: 'died' | 'returned',
  since: number,
): Promise<DigestFigures['died']> {
  return sql`
    select a.account_id as "accountId", a.name, coalesce(v.name, 'Unassigned') as vendor, t.detected_at as at
    from transitions t join accounts a on a.no = t.account_no left join vendors v on v.id = a.vendor_id
    where t.kind = 'status_changed' and t.detected_at >= ${since}
      and (coalesce(t.from_state, '') in ('suspended', 'closing', 'closed')) = ${which === 'returned'}::bool
      and (coalesce(t.to_state, '') in ('suspended', 'closing', 'closed')) = ${which === 'died'}::bool
    order by t.detected_at, t.id`;
}

/** How long Meta took to answer each connection since an instant: the mean over all requests. */
export async function readAnswerTimes(sql: Sql, since: number): Promise<DigestFigures['connections']> {
  return sql`
    select c.name as connection, sum((s.report->>'requests')::int) as requests,
      round(sum((s.report->>'meanMs')::float8 * (s.report->>'requests')::int)
        / sum((s.report->>'requests')::int))::int as "meanMs"
    from shards s join connections c on c.id = s.connection_id
    where s.finished_at >= ${since} and (s.report->>'requests')::int > 0 and s.report->>'meanMs' is not null
    group by c.name
    order by "meanMs" desc, c.name`;
}

export async function countSlowQueries(sql: Sql, since: number): Promise<number> {
  const [row] = await sql<{ count: number }>`
    select coalesce(sum((report->>'slowQueries')::int), 0)::int as count from cycles where finished_at >= ${since}`;
  return row?.count ?? 0;
}

/** Channels with messages that were given up since an instant, or that are late now, and those that were disabled. */
export async function listTroubledChannels(
  sql: Sql,
  since: number,
  lateSince: number,
): Promise<DigestFigures['channels']> {
  return sql`
    select channel, dead, waiting, "isDisabled" from (
      select c.name as channel, c.disabled_at is not null as "isDisabled", c.disabled_at,
        (select count(*) from deliveries d where d.channel_id = c.id and d.state = 'dead' and d.created_at >= ${since}) as dead,
        (select count(*) from deliveries d where d.channel_id = c.id
          and (d.state = 'retry' or d.state in ('pending', 'claimed') and d.due_at < ${lateSince})) as waiting
      from channels c where c.removed_at is null) told
    where dead > 0 or waiting > 0 or disabled_at >= ${since}
    order by dead desc, channel`;
}

/** Keeps what the digest of a day was made of. */
export async function insertDigest(
  sql: Sql,
  digest: { day: string; alertId: number; figures: DigestFigures },
): Promise<void> {
  await sql`
    insert into digests (day, alert_id, figures)
    values (${digest.day}, ${digest.alertId}::int8, ${JSON.stringify(digest.figures)}::jsonb)`;
}

/** Puts the digest into the outbox of every channel but pagers and those of a vendor's own. */
export async function enqueueDigest(sql: Sql, alertId: number, at: number): Promise<void> {
  await sql`
    insert into deliveries (alert_id, channel_id, purpose, due_at, created_at)
    select ${alertId}::int8, id, 'digest', ${at}::timestamptz, ${at}::timestamptz from channels
    where disabled_at is null and removed_at is null and kind <> 'pagerduty' and vendor_id is null
      and (kinds is null or 'daily_digest' = any (kinds))`;
}

/** The digest of a day, as it was stored, and the days before and after that have one. */
export async function readDigest(
  sql: Sql,
  day: string,
): Promise<{ alertId: number; figures: unknown; before: string | null; after: string | null } | null> {
  const [row] = await sql<{ alertId: number; figures: unknown; before: string | null; after: string | null }>`
    select alert_id as "alertId", figures,
      (select max(day) from digests where day < ${day}::date) as before,
      (select min(day) from digests where day > ${day}::date) as after
    from digests where day = ${day}::date`;
  return row ?? null;
}
