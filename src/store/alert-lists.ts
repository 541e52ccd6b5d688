import type { Severity } from '../domain/alert.ts';
import type { Sql } from '../ports/sql.ts';

/** One alert as lists show it. Instants are epoch ms. */
export interface AlertRow {
  id: number;
  kind: string;
  severity: Severity;
  title: string;
  body: string;
  fields: unknown;
  openedAt: number;
  resolvedAt: number | null;
  acknowledgedAt: number | null;
  acknowledgedBy: string | null;
  acknowledgedReason: string | null;
  snoozedUntil: number | null;
  nextStepAt: number | null;
  isFlapping: boolean;
  /** The silence that kept it from being told. */
  silenceAuthor: string | null;
  silenceReason: string | null;
  silenceEndsAt: number | null;
  /** The alert about the cause, which was told instead. */
  mutedBy: number | null;
  mutedByTitle: string | null;
  /** The day of a daily digest. */
  digestDay: string | null;
  accountIds: string[];
}

/** One delivery of an alert. */
export interface AlertDelivery {
  alertId: number;
  channel: string;
  channelKind: string;
  purpose: string;
  state: string;
  step: number;
  attempts: number;
  dueAt: number;
  createdAt: number;
  sentAt: number | null;
  durationMs: number | null;
  lastError: string | null;
}

/** Open ones nobody has acknowledged, acknowledged ones that still hold, ended ones. */
export type AlertState = 'open' | 'acknowledged' | 'resolved';

/** Which alerts to read; what is null does not narrow. */
export interface AlertSelection {
  since?: number | null;
  state?: AlertState | null;
  /** Only ids above this one. */
  after?: number;
  limit: number;
}

/** Alerts in the order in which they were opened. */
export async function readAlerts(sql: Sql, selection: AlertSelection): Promise<AlertRow[]> {
  const state = selection.state ?? null;
  const ids = await sql<{ id: number }>`
    select id from alerts
    where id > ${selection.after ?? 0}::int8 and opened_at >= ${selection.since ?? 0}::timestamptz
      and (${state}::text is null
        or ${state}::text = case when resolved_at is not null then 'resolved'
          when acknowledged_at is not null then 'acknowledged' else 'open' end)
    order by id limit ${selection.limit}::int8`;
  return readAlertsOf(
    sql,
    ids.map(({ id }) => id),
  );
}

/** The alerts of these ids, in the order in which they were opened. */
export async function readAlertsOf(sql: Sql, ids: readonly number[]): Promise<AlertRow[]> {
  if (ids.length === 0) return [];
  return sql<AlertRow>`
    select al.id, al.kind, al.severity, al.title, al.body, al.fields, al.opened_at as "openedAt",
      al.resolved_at as "resolvedAt", al.acknowledged_at as "acknowledgedAt",
      al.acknowledged_by as "acknowledgedBy", al.acknowledged_reason as "acknowledgedReason",
      al.snoozed_until as "snoozedUntil", al.next_step_at as "nextStepAt", al.is_flapping as "isFlapping",
      s.author as "silenceAuthor", s.reason as "silenceReason", s.ends_at as "silenceEndsAt",
      al.muted_by as "mutedBy", cause.title as "mutedByTitle", dg.day as "digestDay",
      coalesce((select jsonb_agg(a.account_id order by a.account_id)
        from alert_accounts aa join accounts a on a.no = aa.account_no where aa.alert_id = al.id), '[]') as "accountIds"
    from alerts al
    left join silences s on s.id = al.silence_id
    left join alerts cause on cause.id = al.muted_by
    left join digests dg on dg.alert_id = al.id
    where al.id = any (${ids}::int8[])
    order by al.id`;
}

/** What was sent of these alerts, to whom, and how it went; the oldest first. */
export async function readDeliveriesOf(sql: Sql, alertIds: readonly number[]): Promise<AlertDelivery[]> {
  if (alertIds.length === 0) return [];
  return sql<AlertDelivery>`
    select d.alert_id as "alertId", c.name as channel, c.kind as "channelKind", d.purpose, d.state, d.step, d.attempts,
      d.due_at as "dueAt", d.created_at as "createdAt", d.sent_at as "sentAt", d.duration_ms as "durationMs",
      d.last_error as "lastError"
    from deliveries d join channels c on c.id = d.channel_id
    where d.alert_id = any (${alertIds}::int8[])
    order by d.step, c.id`;
}

/** What the reader of the screen asked for; null does not narrow. */
export interface AlertFilter {
  kind: string | null;
  vendor: string | null;
}

/** Every alert that still holds: critical ones first, then the newest first. */
export async function listStandingAlerts(
  sql: Sql,
  filter: AlertFilter,
): Promise<{ id: number; isAcknowledged: boolean }[]> {
  const { kind, vendor } = filter;
  return sql`
    select al.id, al.acknowledged_at is not null as "isAcknowledged" from alerts al
    where al.resolved_at is null and (${kind}::text is null or al.kind = ${kind}::text)
      and (${vendor}::text is null or exists (
        select from alert_accounts aa join accounts a on a.no = aa.account_no left join vendors v on v.id = a.vendor_id
        where aa.alert_id = al.id and coalesce(v.name, 'Unassigned') = ${vendor}::text))
    order by array_position(array['critical', 'warning', 'info'], al.severity), al.opened_at desc, al.id desc`;
}

/** Alerts that ended, opened last first, from before this one on. */
export async function listEndedAlerts(
  sql: Sql,
  filter: AlertFilter & { before: number | null; limit: number },
): Promise<number[]> {
  const { kind, vendor, before, limit } = filter;
  const rows = await sql<{ id: number }>`
    select al.id from alerts al
    where al.resolved_at is not null and (${kind}::text is null or al.kind = ${kind}::text)
      and (${before}::int8 is null or al.id < ${before}::int8)
      and (${vendor}::text is null or exists (
        select from alert_accounts aa join accounts a on a.no = aa.account_no left join vendors v on v.id = a.vendor_id
        where aa.alert_id = al.id and coalesce(v.name, 'Unassigned') = ${vendor}::text))
    order by al.id desc limit ${limit}::int8`;
  return rows.map(({ id }) => id);
}

/** How many alerts hold that nobody has acknowledged. News that needs no act does not count. */
export async function countOpenAlerts(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }>`
    select count(*) from alerts where resolved_at is null and acknowledged_at is null and severity <> 'info'`;
  return row?.count ?? 0;
}

/** One vendor's part in an alert. Amounts are minor units. */
export interface VendorShare {
  alertId: number;
  vendor: string;
  /** Accounts that the alert names; those of them that are still down; all that the vendor has now. */
  named: number;
  down: number;
  accounts: number;
}

export async function readVendorShares(sql: Sql, alertIds: readonly number[]): Promise<VendorShare[]> {
  if (alertIds.length === 0) return [];
  return sql<VendorShare>`
    select aa.alert_id as "alertId", coalesce(v.name, 'Unassigned') as vendor, count(*) as named,
      count(*) filter (where l.state in ('suspended', 'closing', 'closed', 'access_lost') or l.status_code in (3, 7)) as down,
      (select count(*) from accounts other
        where other.vendor_id is not distinct from v.id and other.archived_at is null) as accounts
    from alert_accounts aa join accounts a on a.no = aa.account_no join latest l on l.account_no = a.no
    left join vendors v on v.id = a.vendor_id
    where aa.alert_id = any (${alertIds}::int8[])
    group by aa.alert_id, v.id, v.name
    order by down desc, named desc, vendor`;
}

/** Money left in the dead accounts of an alert, one row per currency; `unread` counts accounts where nobody can tell. */
export interface FundsLeft {
  alertId: number;
  currency: string;
  minor: number;
  unread: number;
}

export async function readFundsLeft(sql: Sql, alertIds: readonly number[]): Promise<FundsLeft[]> {
  if (alertIds.length === 0) return [];
  return sql<FundsLeft>`
    select aa.alert_id as "alertId", a.currency,
      coalesce(sum(greatest(0, l.spend_cap_minor - l.amount_spent_minor)), 0)::int8 as minor,
      count(*) filter (where l.spend_cap_source = 'unknown' or l.amount_spent_minor is null) as unread
    from alert_accounts aa join accounts a on a.no = aa.account_no join latest l on l.account_no = a.no
    where aa.alert_id = any (${alertIds}::int8[]) and l.state in ('suspended', 'closing', 'closed')
    group by aa.alert_id, a.currency
    order by minor desc`;
}

/** An account that an alert names, as it is now. */
export interface NamedAccount {
  alertId: number;
  accountId: string;
  name: string | null;
  vendor: string;
  state: string;
}

/** The accounts of these alerts, of each at most so many. */
export async function readNamedAccounts(
  sql: Sql,
  alertIds: readonly number[],
  most: number,
): Promise<NamedAccount[]> {
  if (alertIds.length === 0) return [];
  return sql<NamedAccount>`
    select "alertId", "accountId", name, vendor, state from (
      select aa.alert_id as "alertId", a.account_id as "accountId", a.name, coalesce(v.name, 'Unassigned') as vendor,
        l.state, row_number() over (partition by aa.alert_id order by v.name, a.account_id) as place
      from alert_accounts aa join accounts a on a.no = aa.account_no join latest l on l.account_no = a.no
      left join vendors v on v.id = a.vendor_id
      where aa.alert_id = any (${alertIds}::int8[])) named
    where place <= ${most}::int8
    order by "alertId", place`;
}
