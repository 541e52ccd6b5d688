import type { Audit, ComparedDay } from '../domain/accuracy.ts';
import type { Sql } from '../ports/sql.ts';

/** Of each account the newest day that was read again since an instant and had been watched live. */
export async function listComparedDays(sql: Sql, since: number): Promise<ComparedDay[]> {
  return sql<ComparedDay>`
    select distinct on (d.account_no) a.account_id as "accountId", d.day, a.currency,
      d.live_spend_minor as "liveMinor", d.spend_minor as "closedMinor", d.spent_growth_minor as "growthMinor"
    from account_days d join accounts a on a.no = d.account_no
    where d.closed_at >= ${since} and d.live_spend_minor is not null
    order by d.account_no, d.day desc`;
}

/** Keeps a night's audit under its date (UTC); a repeated one replaces it. */
export async function writeAudit(sql: Sql, day: string, audit: Audit, at: number): Promise<void> {
  await sql`
    insert into accuracy_audits (audited_on, audited_at, accounts, within, worst, growth_compared, growth_apart)
    values (${day}, ${at}, ${audit.accounts}, ${audit.within}, ${JSON.stringify(audit.worst)}::jsonb,
      ${audit.growthCompared}, ${audit.growthApart})
    on conflict (audited_on) do update set audited_at = excluded.audited_at, accounts = excluded.accounts,
      within = excluded.within, worst = excluded.worst, growth_compared = excluded.growth_compared,
      growth_apart = excluded.growth_apart`;
}

/** The last audits, newest first. */
export async function readAudits(
  sql: Sql,
  most: number,
): Promise<(Audit & { auditedOn: string; auditedAt: number })[]> {
  return sql`
    select audited_on as "auditedOn", audited_at as "auditedAt", accounts, within, worst,
      growth_compared as "growthCompared", growth_apart as "growthApart"
    from accuracy_audits order by audited_on desc limit ${most}`;
}
