import type { AccountId } from '../../domain/account.ts';
import type { Sql } from '../../ports/sql.ts';
import { ensurePartitions, slotSeconds } from '../../store/snapshots.ts';
import { addAccount, type GivenAccount } from '../accounts/fleet.fixture.ts';

export const slotMs = 300_000;

export interface Figures {
  spend: number | null;
  clicks?: number | null;
  amountSpent?: number | null;
}

/** An account that could spend: active, with ads, a cap of 10,000.00 of which half is left, and no daily limit. */
export async function addSpender(
  sql: Sql,
  id: AccountId,
  at: number,
  more: Partial<GivenAccount> = {},
): Promise<number> {
  const no = await addAccount(sql, { id, ...more });
  await standing(sql, no, at - 86_400_000, {});
  await sql`insert into particulars (account_no) values (${no})`;
  return no;
}

/** What stands of an account from an instant on. */
export async function standing(
  sql: Sql,
  no: number,
  since: number,
  given: {
    status?: number;
    ads?: number | null;
    cap?: number | null;
    capSource?: string;
    limit?: number | null;
  },
): Promise<void> {
  const { status = 1, ads = 4, cap = 1_000_000, capSource = 'meta', limit = null } = given;
  await sql`
    insert into standings (account_no, since, status_code, daily_limit_minor, daily_limit_source, spend_cap_minor,
      spend_cap_source, active_ads, total_ads)
    values (${no}, ${since}, ${status}, ${limit}, ${limit === null ? 'unlimited' : 'meta'}, ${cap}, ${capSource}, ${ads}, 9)`;
}

/** One account read at one slot, as a cycle leaves it. */
export async function readAt(
  sql: Sql,
  no: number,
  at: number,
  { spend, clicks = 0, amountSpent = 500_000 }: Figures,
): Promise<void> {
  await ensurePartitions(sql, new Date(at).toISOString().slice(0, 10), 1);
  await sql`
    insert into snapshots (slot, account_no, amount_spent_minor, spend_minor, clicks)
    values (${slotSeconds(at)}, ${no}, ${amountSpent}, ${spend}, ${clicks})`;
  await sql`
    update latest set metrics_at = ${at}, observed_at = ${at}, spend_minor = ${spend}, clicks = ${clicks},
      amount_spent_minor = ${amountSpent}, day = (${at}::timestamptz at time zone a.timezone)::date
    from accounts a where a.no = latest.account_no and account_no = ${no}`;
}

/** Hours of the last 20 days in which the account spent the same in each. */
export async function spendsHourly(sql: Sql, no: number, lastDay: string, minor: number): Promise<void> {
  await sql`
    insert into account_hours (account_no, day, hour, spend_minor, clicks, outbound_clicks)
    select ${no}, ${lastDay}::date - d, h, ${minor}, 5, 5 from generate_series(0, 20) d, generate_series(0, 23) h`;
  await sql`update particulars set hours_from = ${lastDay}::date - 20, hours_to = ${lastDay} where account_no = ${no}`;
}

export interface StoredAlert {
  id: number;
  kind: string;
  severity: string;
  body: string;
  subject: string | null;
  isOpen: boolean;
  accounts: number;
  messages: string[];
}

/** All alerts, oldest first, with what was put into the outbox for them. */
export async function listAlerts(sql: Sql): Promise<StoredAlert[]> {
  return sql<StoredAlert>`
    select al.id, al.kind, al.severity, al.body, al.subject, al.resolved_at is null as "isOpen",
      (select count(*) from alert_accounts where alert_id = al.id) as accounts,
      coalesce((select jsonb_agg(purpose order by d.id) from deliveries d where alert_id = al.id), '[]') as messages
    from alerts al order by al.id`;
}
