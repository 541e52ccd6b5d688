import type { AccountId } from '../domain/account.ts';
import type { State } from '../domain/status.ts';
import type { Sql } from '../ports/sql.ts';

/** An account as far as its history is concerned. Instants are epoch ms, days its own. */
export interface HistorySubject {
  no: number;
  currency: string;
  timezone: string;
  dateAdded: number;
  archivedAt: number | null;
  /** Null for an account without a first reading. */
  state: State | null;
  statusCode: number | null;
  stateSince: number | null;
  metricsAt: number | null;
  /** The day that still runs, as it was last read. */
  day: string | null;
  spendMinor: number | null;
  clicks: number | null;
  outboundClicks: number | null;
  historyFrom: string | null;
  closedDay: string | null;
  hoursFrom: string | null;
  hoursTo: string | null;
  activitiesReadAt: number | null;
}

/** Null when there is no account of this id. */
export async function findHistorySubject(sql: Sql, accountId: AccountId): Promise<HistorySubject | null> {
  const [row] = await sql<HistorySubject>`
    select a.no, a.currency, a.timezone, a.date_added as "dateAdded", a.archived_at as "archivedAt", l.state,
      l.status_code as "statusCode", l.state_since as "stateSince", l.metrics_at as "metricsAt", l.day,
      l.spend_minor as "spendMinor", l.clicks, l.outbound_clicks as "outboundClicks",
      p.history_from as "historyFrom", p.closed_day as "closedDay", p.hours_from as "hoursFrom", p.hours_to as "hoursTo",
      coalesce(p.activities_read_at, l.story_read_at) as "activitiesReadAt"
    from accounts a left join latest l on l.account_no = a.no left join particulars p on p.account_no = a.no
    where a.account_id = ${accountId}`;
  return row ?? null;
}

/** One hour of an account-day. */
export interface HourRow {
  day: string;
  hour: number;
  spendMinor: number;
  clicks: number;
  outboundClicks: number;
}

/** Account-hours from one date to another, both included, oldest first. */
export async function readHours(sql: Sql, accountNo: number, from: string, to: string): Promise<HourRow[]> {
  return sql<HourRow>`
    select day, hour, spend_minor as "spendMinor", clicks, outbound_clicks as "outboundClicks"
    from account_hours where account_no = ${accountNo} and day >= ${from} and day <= ${to} order by day, hour`;
}

/** A stored change of one account. */
export interface ChangeRow {
  id: number;
  kind: string;
  fromCode: number | null;
  toCode: number | null;
  fromState: State | null;
  toState: State | null;
  fromMinor: number | null;
  toMinor: number | null;
  /** When it happened, as far as it is known. */
  at: number;
}

/** Every change of an account up to an instant, in the order in which they happened. */
export async function readChanges(sql: Sql, accountNo: number, to: number): Promise<ChangeRow[]> {
  return sql<ChangeRow>`
    select id, kind, from_code as "fromCode", to_code as "toCode", from_state as "fromState", to_state as "toState",
      from_minor as "fromMinor", to_minor as "toMinor", coalesce(occurred_at, detected_at) as at
    from transitions where account_no = ${accountNo} and coalesce(occurred_at, detected_at) <= ${to}::timestamptz
    order by coalesce(occurred_at, detected_at), id`;
}
