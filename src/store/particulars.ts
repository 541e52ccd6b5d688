import type { DetailsReading } from '../domain/observation.ts';
import type { Sql } from '../ports/sql.ts';

/** What is read seldom of an account, and how far its history has been read. */

/** Writes funding, delivery checks and tasks. What Meta does not tell this token is null, never false. */
export async function writeDetails(
  sql: Sql,
  details: readonly (DetailsReading & { accountNo: number })[],
  at: number,
): Promise<void> {
  await sql`
    update particulars p set is_prepay = u.prepay, funding_type = u.type, funding_text = u.words,
      delivery_checks = u.checks, details_read_at = ${at},
      user_tasks = case when u.tasks is null then null else array(select jsonb_array_elements_text(u.tasks)) end
    from unnest(${details.map((d) => d.accountNo)}::int[], ${details.map((d) => d.isPrepay)}::boolean[],
      ${details.map((d) => d.fundingType)}::int[], ${details.map((d) => d.fundingText)}::text[],
      ${details.map((d) => (d.deliveryChecks === null ? null : JSON.stringify(d.deliveryChecks)))}::jsonb[],
      ${details.map((d) => (d.userTasks === null ? null : JSON.stringify(d.userTasks)))}::jsonb[]
    ) as u (no, prepay, type, words, checks, tasks)
    where p.account_no = u.no`;
}

/** A failed read is tried again at its next turn, not at once. */
export async function markDetailsRead(sql: Sql, accountNos: readonly number[], at: number): Promise<void> {
  await sql`update particulars set details_read_at = ${at} where account_no = any (${accountNos}::int[])`;
}

export async function markActivitiesRead(sql: Sql, accountNos: readonly number[], at: number): Promise<void> {
  await sql`update particulars set activities_read_at = ${at} where account_no = any (${accountNos}::int[])`;
}

/** Notes the last account-day that was read again after its end. */
export async function markClosed(
  sql: Sql,
  closed: readonly { accountNo: number; day: string }[],
): Promise<void> {
  await sql`
    update particulars p set closed_day = u.day
    from unnest(${closed.map((c) => c.accountNo)}::int[], ${closed.map((c) => c.day)}::date[]) as u (no, day)
    where p.account_no = u.no`;
}

/** Notes how far back days and hours are there. A failure waits ten minutes; what was read before stays. */
export async function markHistory(
  sql: Sql,
  read: readonly {
    accountNo: number;
    historyFrom: string | null;
    hours: { from: string; to: string } | null;
    hasFailed: boolean;
  }[],
  at: number,
): Promise<void> {
  await sql`
    update particulars p set
      history_from = least(p.history_from, u.history), hours_from = least(p.hours_from, u.hours),
      hours_to = greatest(p.hours_to, u.hours_to),
      history_failed_at = case when u.failed then ${at}::timestamptz else p.history_failed_at end
    from unnest(${read.map((r) => r.accountNo)}::int[], ${read.map((r) => r.historyFrom)}::date[],
      ${read.map((r) => r.hours?.from ?? null)}::date[], ${read.map((r) => r.hours?.to ?? null)}::date[],
      ${read.map((r) => r.hasFailed)}::boolean[]) as u (no, history, hours, hours_to, failed)
    where p.account_no = u.no`;
}
