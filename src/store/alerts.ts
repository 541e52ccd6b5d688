import type { AlertKind, Severity } from '../domain/alert.ts';
import type { AlertWords } from '../domain/alert-words.ts';
import type { Reachable } from '../domain/routing.ts';
import type { Purpose } from '../ports/channel.ts';
import type { Sql } from '../ports/sql.ts';

/** An alert about to be opened. `key` names its cause once and for all. */
export interface NewAlert extends AlertWords {
  key: string;
  kind: AlertKind;
  severity: Severity;
  /** What it is about while it is open; a second one of its kind about the same cannot be opened meanwhile. Null = no such bond. */
  subject: string | null;
  connectionId: number | null;
  accounts: { accountNo: number; transitionId: number | null }[];
}

/** Opens an alert; null when this very cause has opened one before, or one about its subject is open. */
export async function openAlert(sql: Sql, alert: NewAlert, at: number): Promise<number | null> {
  const [row] = await sql<{ id: number }>`
    insert into alerts (key, kind, severity, title, body, fields, connection_id, subject, opened_at)
    values (${alert.key}, ${alert.kind}, ${alert.severity}, ${alert.title}, ${alert.body},
      ${JSON.stringify(alert.fields)}::jsonb, ${alert.connectionId}, ${alert.subject}, ${at})
    on conflict do nothing returning id`;
  if (row === undefined) return null;
  if (alert.accounts.length > 0)
    await sql`
      insert into alert_accounts (alert_id, account_no, transition_id)
      select ${row.id}::int8, * from unnest(
        ${alert.accounts.map((a) => a.accountNo)}::int[], ${alert.accounts.map((a) => a.transitionId)}::int8[])`;
  return row.id;
}

/** The channels that can be reached, with what they want to hear. */
export async function listReachable(sql: Sql): Promise<Reachable[]> {
  return sql<Reachable>`
    select id as "channelId", lowest_severity as "lowestSeverity" from channels where disabled_at is null order by id`;
}

/** What is sent of an alert: why, as which step of it, and words of its own where they are not the alert's. */
export interface Message {
  purpose: Purpose;
  /** `next` = behind all that has been sent of this alert. */
  step: number | 'next';
  words: AlertWords | null;
}

const opening: Message = { purpose: 'opened', step: 0, words: null };

/** Puts one delivery per channel into the outbox. The same step of an alert cannot be put there twice. */
export async function enqueueDeliveries(
  sql: Sql,
  alertId: number,
  channelIds: readonly number[],
  at: number,
  { purpose, step, words }: Message = opening,
): Promise<void> {
  await sql`
    insert into deliveries (alert_id, channel_id, step, purpose, words, due_at, created_at)
    select ${alertId}::int8, channel_id,
      coalesce(${step === 'next' ? null : step}::int2,
        (select coalesce(max(step), -1) + 1 from deliveries where alert_id = ${alertId}::int8)),
      ${purpose}, ${words === null ? null : JSON.stringify(words)}::jsonb, ${at}::timestamptz, ${at}::timestamptz
    from unnest(${channelIds}::int[]) as channel_id
    on conflict (alert_id, channel_id, step) do nothing`;
}

/** Ends an open alert; null when it has ended before, otherwise its words and the channels that were to hear of it. */
export async function endAlert(
  sql: Sql,
  alertId: number,
  at: number,
): Promise<{ title: string; body: string; channelIds: number[] } | null> {
  const [row] = await sql<{ title: string; body: string; channelIds: number[] }>`
    update alerts set resolved_at = ${at} where id = ${alertId} and resolved_at is null
    returning title, body, array(
      select distinct channel_id from deliveries where alert_id = alerts.id order by channel_id) as "channelIds"`;
  return row ?? null;
}

/** The open alerts of a kind that are about one of these accounts and no other. */
export async function listOpenAbout(
  sql: Sql,
  kind: AlertKind,
  accountNos: readonly number[],
): Promise<number[]> {
  const rows = await sql<{ id: number }>`
    select al.id from alerts al join alert_accounts aa on aa.alert_id = al.id
    where al.kind = ${kind} and al.resolved_at is null
    group by al.id having count(*) = 1 and min(aa.account_no) = any (${accountNos}::int[])`;
  return rows.map(({ id }) => id);
}

/**
 * Ends the open alerts of these kinds about one account and answers the channels that were told of them.
 * An alert about many accounts ends only when it is about this one alone.
 */
export async function resolveAccountAlerts(
  sql: Sql,
  accountNo: number,
  kinds: readonly AlertKind[],
  at: number,
): Promise<number[]> {
  const rows = await sql<{ channelId: number }>`
    with about as (
      select al.id, (select count(*) from alert_accounts x where x.alert_id = al.id) as accounts
      from alerts al join alert_accounts aa on aa.alert_id = al.id
      where aa.account_no = ${accountNo} and al.kind = any (${kinds}::text[]) and al.resolved_at is null),
    ended as (
      update alerts set resolved_at = ${at} from about where alerts.id = about.id and about.accounts = 1)
    select distinct d.channel_id as "channelId" from deliveries d join about on about.id = d.alert_id`;
  return rows.map(({ channelId }) => channelId);
}

/** Whether a connection has an open alert of a kind. */
export async function hasOpenConnectionAlert(
  sql: Sql,
  connectionId: number,
  kind: AlertKind,
): Promise<boolean> {
  const rows = await sql`
    select 1 from alerts where connection_id = ${connectionId} and kind = ${kind} and resolved_at is null limit 1`;
  return rows.length > 0;
}

export async function resolveConnectionAlerts(
  sql: Sql,
  connectionId: number,
  kind: AlertKind,
  at: number,
  exceptId: number | null = null,
): Promise<void> {
  await sql`
    update alerts set resolved_at = ${at}
    where connection_id = ${connectionId} and kind = ${kind} and resolved_at is null
      and id is distinct from ${exceptId}::int8`;
}

/** Makes sure that a channel of this name exists; what an operator set on it stays. */
export async function ensureChannel(sql: Sql, name: string, kind: 'slack'): Promise<void> {
  await sql`insert into channels (name, kind) values (${name}, ${kind}) on conflict (name) do nothing`;
}
