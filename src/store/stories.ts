import type { AccountId } from '../domain/account.ts';
import type { Sql } from '../ports/sql.ts';

/** An account whose state began without Meta's activity log having been asked about it. */
export interface UntoldStory {
  accountNo: number;
  accountId: AccountId;
  connectionId: number;
  timezone: string;
  stateSince: number | null;
  /** When the old state was last seen; null when the account was found in this state. */
  lastSeenAt: number | null;
}

/** The newest of them: changes of the last week, and accounts that were found dead. */
export async function listUntoldStories(sql: Sql, at: number, most: number): Promise<UntoldStory[]> {
  return sql<UntoldStory>`
    select a.no as "accountNo", a.account_id as "accountId", a.connection_id as "connectionId", a.timezone,
      l.state_since as "stateSince", t.last_seen_at as "lastSeenAt"
    from latest l join accounts a on a.no = l.account_no
    left join lateral (
      select last_seen_at from transitions where account_no = l.account_no and kind = 'status_changed' order by id desc limit 1) t on true
    where a.archived_at is null and l.has_access
      and (l.story_read_at is null or l.story_read_at < l.state_since)
      and (l.state_since >= ${at - storyKeptMs}::timestamptz
        -- Of an account found dead only its history tells what it spent on its last day.
        or l.state_since is null and l.state in ('suspended', 'closing', 'closed')
          and exists (select from particulars p where p.account_no = l.account_no and p.history_from is not null))
    order by l.state_since desc nulls last limit ${most}`;
}

/** Meta keeps its log for a week by default. */
const storyKeptMs = 7 * 86_400_000;

/** Dates the state of an account that was found in it, by the newest change that the log names. */
export async function dateFoundState(sql: Sql, accountNo: number, occurredAt: number): Promise<void> {
  await sql`
    update latest set state_since = ${occurredAt}, state_since_source = 'meta',
      suspended_at = case when state = 'suspended' then ${occurredAt}::timestamptz end
    where account_no = ${accountNo} and state_since is null`;
}

/** Notes that the log was asked, with the clicks of the account's life. */
export async function markStoryRead(
  sql: Sql,
  accountNo: number,
  story: { lifetimeClicks: number | null; at: number },
): Promise<void> {
  await sql`
    update latest set story_read_at = ${story.at}, lifetime_clicks = coalesce(${story.lifetimeClicks}, lifetime_clicks)
    where account_no = ${accountNo}`;
}

/** Fills in what a dead account spent on its last day, where nobody saw it die. `endDay` is the account's own. */
export async function writeFinalSpend(sql: Sql, accountNo: number, endDay: string): Promise<void> {
  await sql`
    update latest l set final_spend_minor = coalesce(
      case when l.day = ${endDay}::date then l.spend_minor end,
      (select d.spend_minor from account_days d where d.account_no = l.account_no and d.day = ${endDay}::date),
      -- Meta leaves out days without delivery; within the history a missing day is a truthful zero.
      case when exists (select from account_days d where d.account_no = l.account_no and d.day < ${endDay}::date) then 0 end)
    where l.account_no = ${accountNo} and l.final_spend_minor is null and l.state in ('suspended', 'closing', 'closed')`;
}
