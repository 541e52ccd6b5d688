import type { AccountId } from '../domain/account.ts';
import type { AlertKind, Severity } from '../domain/alert.ts';
import type { AlertStanding } from '../domain/alert-life.ts';
import type { QuietHours } from '../domain/quiet-hours.ts';
import type { Reachable, Routed } from '../domain/routing.ts';
import { incidentKinds, type Purpose } from '../ports/channel.ts';
import type { Sql } from '../ports/sql.ts';

/** A channel with what it wants to hear and when its owner wants quiet. */
export interface ReachableChannel extends Reachable {
  quiet: QuietHours | null;
  /** Whether its receiver keeps each alert as a thing of its own. */
  keepsIncidents: boolean;
}

/** The channels that can be reached. */
export async function listReachable(sql: Sql): Promise<ReachableChannel[]> {
  const rows = await sql<
    Omit<ReachableChannel, 'quiet'> & { timezone: string; from: string | null; to: string | null }
  >`
    select c.id as "channelId", c.kind = any (${incidentKinds}::text[]) as "keepsIncidents", c.lowest_severity as "lowestSeverity", c.kinds, c.vendor_ids as "vendorIds",
      c.vendor_id as "vendorId", c.escalation_level as "escalationLevel", coalesce(m.timezone, 'UTC') as timezone,
      m.quiet_from as "from", m.quiet_to as "to"
    from channels c left join members m on m.id = c.member_id
    where c.disabled_at is null and c.removed_at is null order by c.id`;
  return rows.map(({ timezone, from, to, ...channel }) => ({
    ...channel,
    quiet: from === null || to === null ? null : { timezone, from, to },
  }));
}

/** An alert with what routing and muting need to know of it. */
export async function readRouted(sql: Sql, alertId: number): Promise<Routed | null> {
  const [row] = await sql<Routed>`
    select al.kind, al.severity,
      coalesce((select array_agg(distinct a.vendor_id) from alert_accounts x join accounts a on a.no = x.account_no
        where x.alert_id = al.id), '{}') as "vendorIds"
    from alerts al where al.id = ${alertId}`;
  return row ?? null;
}

/** The silence that covers all that an alert is about; null when somebody must hear of it. */
export async function findSilence(sql: Sql, alertId: number, at: number): Promise<number | null> {
  const [row] = await sql<{ id: number }>`
    select s.id from silences s join alerts al on al.id = ${alertId}
    where s.ended_at is null and s.starts_at <= ${at} and s.ends_at > ${at}
      and (s.kinds is null or al.kind = any (s.kinds))
      and (s.vendor_id is null and s.account_no is null or exists (
        select from alert_accounts x where x.alert_id = al.id))
      and not exists (
        select from alert_accounts x join accounts a on a.no = x.account_no
        where x.alert_id = al.id
          and (a.vendor_id is distinct from coalesce(s.vendor_id, a.vendor_id) or a.no <> coalesce(s.account_no, a.no)))
    order by s.id limit 1`;
  return row?.id ?? null;
}

/**
 * An open alert of these kinds that explains another one: about its connection, its accounts' connection, or each of its
 * accounts. The oldest one that was told itself.
 */
export async function findCause(
  sql: Sql,
  alertId: number,
  kinds: { ofAccount: readonly AlertKind[]; ofConnection: readonly AlertKind[] },
): Promise<number | null> {
  const [row] = await sql<{ id: number }>`
    with accounts_of as (
      select a.no, a.connection_id from alert_accounts x join accounts a on a.no = x.account_no where x.alert_id = ${alertId})
    select cause.id from alerts cause
    where cause.resolved_at is null and cause.muted_by is null and not cause.is_flapping
      and (cause.silence_id is null or cause.told_at is not null)
      and cause.id <> ${alertId}
      and (cause.kind = any (${kinds.ofConnection}::text[])
          and cause.connection_id is not null
          and (cause.connection_id = (select connection_id from alerts where id = ${alertId})
            or exists (select from accounts_of)
              and not exists (select from accounts_of o where o.connection_id <> cause.connection_id))
        or cause.kind = any (${kinds.ofAccount}::text[])
          and exists (select from accounts_of)
          and not exists (
            select from accounts_of o where not exists (
              select from alert_accounts y where y.alert_id = cause.id and y.account_no = o.no and y.ended_at is null)))
    order by cause.id limit 1`;
  return row?.id ?? null;
}

/** Notes why nobody is told of an alert; all null: somebody is told again. */
export async function muteAlert(
  sql: Sql,
  alertId: number,
  { silenceId, mutedBy }: { silenceId: number | null; mutedBy: number | null },
): Promise<void> {
  await sql`
    update alerts set silence_id = ${silenceId}, muted_by = ${mutedBy}, is_flapping = false, next_step_at = null
    where id = ${alertId}`;
}

/** Nobody is told of an alert while its account flaps. */
export async function markFlapping(sql: Sql, alertId: number): Promise<void> {
  await sql`update alerts set is_flapping = true where id = ${alertId}`;
}

/** The accounts, of these, that have an open alert because they flap. */
export async function listFlapping(sql: Sql, accountNos: readonly number[]): Promise<number[]> {
  const rows = await sql<{ no: number }>`
    select x.account_no as no from alerts al join alert_accounts x on x.alert_id = al.id
    where al.kind = 'account_flapping' and al.resolved_at is null and x.account_no = any (${accountNos}::int[])`;
  return rows.map(({ no }) => no);
}

/** Flapping accounts whose status has stood since before `since`, with what they are now. */
export async function lockStable(
  sql: Sql,
  since: number,
): Promise<{ alertId: number; accountNo: number; accountId: string; state: string; withheld: number[] }[]> {
  return sql`
    select al.id as "alertId", a.no as "accountNo", a.account_id as "accountId", l.state,
      array(select w.id from alerts w join alert_accounts y on y.alert_id = w.id
        where y.account_no = a.no and w.is_flapping and w.resolved_at is null order by w.id) as withheld
    from alerts al join alert_accounts x on x.alert_id = al.id join accounts a on a.no = x.account_no
    join latest l on l.account_no = a.no
    where al.kind = 'account_flapping' and al.resolved_at is null and not exists (
      select from transitions t where t.account_no = a.no and t.kind = 'status_changed' and t.detected_at > ${since}::timestamptz)
    order by al.id for no key update of al`;
}

/** One message to put into the outbox. */
export interface Queued {
  channelId: number;
  /** When it may go out, epoch ms. */
  dueAt: number;
  /** Held by quiet hours until `dueAt`. */
  isHeld: boolean;
}

/** Words of a message that are not the alert's own. */
export interface MessageWords {
  title: string;
  body: string;
  /** Left out, the alert's own. */
  fields?: { label: string; value: string }[];
}

/** Puts one message per channel into the outbox, each after what that channel was told of the alert before. */
export async function queueMessages(
  sql: Sql,
  alertId: number,
  {
    to,
    purpose,
    words,
    at,
  }: { to: readonly Queued[]; purpose: Purpose; words: MessageWords | null; at: number },
): Promise<void> {
  if (to.length === 0) return;
  await sql`
    insert into deliveries (alert_id, channel_id, step, state, purpose, words, due_at, created_at)
    select ${alertId}::int8, q.channel_id,
      (select coalesce(max(d.step) + 1, 0) from deliveries d where d.alert_id = ${alertId} and d.channel_id = q.channel_id),
      case when q.held then 'held' else 'pending' end, ${purpose},
      ${words === null ? null : JSON.stringify(words)}::jsonb, q.due_at, ${at}::timestamptz
    from unnest(${to.map((q) => q.channelId)}::int[], ${to.map((q) => q.isHeld)}::boolean[],
      ${to.map((q) => q.dueAt)}::timestamptz[]) as q (channel_id, held, due_at)`;
}

/** The accounts of an alert that are one vendor's. */
export async function listAccountsOfVendor(
  sql: Sql,
  alertId: number,
  vendorId: number,
): Promise<AccountId[]> {
  const rows = await sql<{ id: AccountId }>`
    select a.account_id as id from alert_accounts x join accounts a on a.no = x.account_no
    where x.alert_id = ${alertId} and a.vendor_id = ${vendorId} order by a.account_id`;
  return rows.map(({ id }) => id);
}

/** The channels that were told of an alert or are about to be; not those whose message died. */
export async function listTold(sql: Sql, alertId: number): Promise<number[]> {
  const rows = await sql<{ id: number }>`
    select distinct channel_id as id from deliveries
    where alert_id = ${alertId} and state <> 'dead' order by channel_id`;
  return rows.map(({ id }) => id);
}

/** People are being told from now on: when to look at the alert again. */
export async function markTold(sql: Sql, alertId: number, at: number, nextAt: number | null): Promise<void> {
  await sql`
    update alerts set told_at = coalesce(told_at, ${at}::timestamptz), next_step_at = ${nextAt}::timestamptz
    where id = ${alertId}`;
}

/** An open alert whose time has come. */
export interface DueAlert extends Omit<AlertStanding, 'highestLevel'> {
  id: number;
  kind: AlertKind;
  severity: Severity;
  title: string;
  body: string;
}

/** Locks and answers the open alerts to look at now, oldest first. */
export async function lockDueAlerts(sql: Sql, at: number): Promise<DueAlert[]> {
  return sql<DueAlert>`
    select id, kind, severity, title, body, coalesce(told_at, opened_at) as "toldAt",
      acknowledged_at is not null as "isAcknowledged", snoozed_until as "snoozedUntil", steps, escalated_to as "escalatedTo",
      (select max(d.created_at) from deliveries d where d.alert_id = alerts.id and d.purpose = 'repeat') as "repeatedAt"
    from alerts
    where resolved_at is null and next_step_at <= ${at} and silence_id is null and muted_by is null and not is_flapping
    order by id for no key update`;
}

export async function saveStep(
  sql: Sql,
  alertId: number,
  step: { steps: number; escalatedTo: number; nextAt: number | null; isSnoozed: boolean },
): Promise<void> {
  await sql`
    update alerts set steps = ${step.steps}, escalated_to = ${step.escalatedTo}, next_step_at = ${step.nextAt}::timestamptz,
      snoozed_until = case when ${step.isSnoozed}::boolean then snoozed_until end
    where id = ${alertId}`;
}

/** What a silence kept from being said again is looked at when the silence is over: whatever is due by then is said once. */
export async function wakeSilenced(sql: Sql, at: number): Promise<void> {
  await sql`
    update alerts al set silence_id = null, next_step_at = ${at} from silences s
    where s.id = al.silence_id and (s.ended_at is not null or s.ends_at <= ${at})
      and al.resolved_at is null and al.told_at is not null and al.acknowledged_at is null
      and (al.snoozed_until is null or al.snoozed_until <= ${at})`;
}

/** Open alerts that nobody was told of, and whose silence is over or whose cause ended before `causeBefore`. */
export async function lockUnmuted(sql: Sql, at: number, causeBefore: number): Promise<number[]> {
  const rows = await sql<{ id: number }>`
    select al.id from alerts al
    left join silences s on s.id = al.silence_id
    left join alerts cause on cause.id = al.muted_by
    where al.resolved_at is null and al.acknowledged_at is null
      and (al.snoozed_until is null or al.snoozed_until <= ${at})
      and (al.silence_id is not null and (s.ended_at is not null or s.ends_at <= ${at})
        or al.muted_by is not null and cause.resolved_at <= ${causeBefore}::timestamptz)
    order by al.id for no key update of al`;
  return rows.map(({ id }) => id);
}

/** When something of all this is due next (epoch ms); null when nothing is. */
export async function findNextStep(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ at: number | null }>`
    select least(
      (select min(next_step_at) from alerts
        where resolved_at is null and silence_id is null and muted_by is null and not is_flapping),
      (select min(due_at) from deliveries where state = 'held'),
      (select min(greatest(coalesce(s.ended_at, s.ends_at), a.snoozed_until)) from alerts a join silences s on s.id = a.silence_id
        where a.resolved_at is null and a.acknowledged_at is null)) as at`;
  return row?.at ?? null;
}

const advancingLock = '7291830461750923186';

/** One process at a time lets alerts go on; held to the end of the transaction. False when another one is at it. */
export async function takeAdvancing(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ isOurs: boolean }>`
    select pg_try_advisory_xact_lock(${advancingLock}::bigint) as "isOurs"`;
  return row?.isOurs === true;
}
