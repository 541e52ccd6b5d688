import { unassignedVendor } from '../domain/account.ts';
import type { AlertKind, Severity } from '../domain/alert.ts';
import type { AlertWords, MassAccount } from '../domain/alert-words.ts';
import type { Sql } from '../ports/sql.ts';

/** An alert about to be opened. `key` names its cause once and for all. */
export interface NewAlert extends AlertWords {
  key: string;
  kind: AlertKind;
  severity: Severity;
  /** What it is about while it is open; a second one of its kind about the same cannot be opened meanwhile. Null = no such bond. */
  subject: string | null;
  connectionId: number | null;
  /** `transitionId`: the change that it is about; null where it is about none. */
  accounts: { accountNo: number; transitionId: number | null }[];
}

/**
 * Opens an alert; null when this very cause has opened one before, or one about its subject is open. News that needs no act
 * has ended as soon as it is told.
 */
export async function openAlert(sql: Sql, alert: NewAlert, at: number): Promise<number | null> {
  const [row] = await sql<{ id: number }>`
    insert into alerts (key, kind, severity, title, body, fields, connection_id, subject, opened_at, resolved_at)
    values (${alert.key}, ${alert.kind}, ${alert.severity}, ${alert.title}, ${alert.body},
      ${JSON.stringify(alert.fields)}::jsonb, ${alert.connectionId}, ${alert.subject}, ${at},
      ${alert.severity === 'info' ? at : null})
    on conflict do nothing returning id`;
  if (row === undefined) return null;
  if (alert.accounts.length > 0)
    await sql`
      insert into alert_accounts (alert_id, account_no, transition_id)
      select ${row.id}::int8, * from unnest(
        ${alert.accounts.map((a) => a.accountNo)}::int[], ${alert.accounts.map((a) => a.transitionId)}::int8[])`;
  return row.id;
}

/** Ends an open alert; null when it has ended before, otherwise its words. */
export async function endAlert(
  sql: Sql,
  alertId: number,
  at: number,
): Promise<{ title: string; body: string } | null> {
  const [row] = await sql<{ title: string; body: string }>`
    update alerts set resolved_at = ${at}, next_step_at = null where id = ${alertId} and resolved_at is null
    returning title, body`;
  if (row !== undefined)
    await sql`update alert_accounts set ended_at = coalesce(ended_at, ${at}) where alert_id = ${alertId}`;
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
 * An account is out of its open alerts of these kinds. Those that are about nobody else any more are answered as `over`, not
 * yet ended; of the others, waves that go on, the channels that heard of them.
 */
export async function leaveAlerts(
  sql: Sql,
  accountNo: number,
  kinds: readonly AlertKind[],
  at: number,
): Promise<{ over: number[]; told: number[] }> {
  const rows = await sql<{ id: number; isOver: boolean; told: number[] }>`
    with left_now as (
      update alert_accounts x set ended_at = ${at} from alerts al
      where al.id = x.alert_id and x.account_no = ${accountNo} and x.ended_at is null
        and al.kind = any (${kinds}::text[]) and al.resolved_at is null
      returning al.id)
    select l.id,
      not exists (
        select from alert_accounts o where o.alert_id = l.id and o.account_no <> ${accountNo} and o.ended_at is null) as "isOver",
      array(select distinct d.channel_id from deliveries d where d.alert_id = l.id) as told
    from left_now l order by l.id`;
  return {
    over: rows.flatMap(({ id, isOver }) => (isOver ? [id] : [])),
    told: rows.flatMap(({ isOver, told }) => (isOver ? [] : told)),
  };
}

/**
 * A wave of one kind that the same cycle has opened and nobody has heard of yet; null when there is none. Its messages are held
 * to the end of the transaction: no sender takes them with the words of before.
 */
export async function lockWave(
  sql: Sql,
  kind: AlertKind,
  severity: Severity,
  since: number,
): Promise<number | null> {
  const waves = await sql<{ id: number }>`
    select al.id from alerts al
    where al.kind = ${kind} and al.severity = ${severity} and al.key like 'mass:%' and al.opened_at >= ${since}
      and (al.resolved_at is null or al.resolved_at = al.opened_at) and al.acknowledged_at is null
      and al.silence_id is null and al.muted_by is null
    order by al.id desc limit 1 for no key update`;
  return (await holdUntold(sql, waves)).at(0) ?? null;
}

/** Alerts of a kind about one account each that the same cycle has opened and nobody has heard of yet; held like a wave. */
export async function lockFresh(
  sql: Sql,
  kind: AlertKind,
  severity: Severity,
  since: number,
): Promise<number[]> {
  const fresh = await sql<{ id: number }>`
    select al.id from alerts al
    where al.kind = ${kind} and al.severity = ${severity} and al.opened_at >= ${since}
      and (al.resolved_at is null or al.resolved_at = al.opened_at) and al.acknowledged_at is null
      and al.silence_id is null and al.muted_by is null and not al.is_flapping and al.connection_id is null
      and (select count(*) from alert_accounts x where x.alert_id = al.id) = 1
    order by al.id for no key update`;
  return holdUntold(sql, fresh);
}

/** Holds the messages of alerts to the end of the transaction and answers the alerts of which none has been tried. */
async function holdUntold(sql: Sql, alerts: readonly { id: number }[]): Promise<number[]> {
  if (alerts.length === 0) return [];
  const ids = alerts.map(({ id }) => id);
  const messages = await sql<{ id: number; isUntold: boolean }>`
    select alert_id as id, attempts = 0 and state in ('pending', 'held') as "isUntold" from deliveries
    where alert_id = any (${ids}::int8[]) order by id for update`;
  const told = new Set(messages.filter(({ isUntold }) => !isUntold).map(({ id }) => id));
  return ids.filter((id) => !told.has(id));
}

/** Puts accounts into a wave, with those of alerts that it tells from now on, and answers all of its accounts. */
export async function joinWave(
  sql: Sql,
  waveId: number,
  accounts: NewAlert['accounts'],
  absorbed: readonly number[],
): Promise<MassAccount[]> {
  await sql`
    insert into alert_accounts (alert_id, account_no, transition_id)
    select ${waveId}::int8, u.no, u.transition from unnest(
      ${accounts.map((a) => a.accountNo)}::int[], ${accounts.map((a) => a.transitionId)}::int8[]) as u (no, transition)
    union
    select ${waveId}::int8, x.account_no, x.transition_id from alert_accounts x where x.alert_id = any (${absorbed}::int8[])
    on conflict (alert_id, account_no) do nothing`;
  await sql`
    update alerts set muted_by = ${waveId}, next_step_at = null where id = any (${absorbed}::int8[])`;
  await sql`
    update deliveries set state = 'digested'
    where alert_id = any (${absorbed}::int8[]) and state in ('pending', 'held') and attempts = 0`;
  return sql<MassAccount>`
    select a.account_id as "accountId", a.name, coalesce(v.name, ${unassignedVendor}) as vendor,
      coalesce(b.name, a.business_id) as business
    from alert_accounts x join accounts a on a.no = x.account_no left join vendors v on v.id = a.vendor_id
    left join businesses b on b.business_id = a.business_id
    where x.alert_id = ${waveId} order by x.transition_id nulls last, a.account_id`;
}

/** Gives an alert other words; messages that are not sent yet will have them. */
export async function rewordAlert(sql: Sql, alertId: number, words: AlertWords): Promise<void> {
  await sql`
    update alerts set title = ${words.title}, body = ${words.body}, fields = ${JSON.stringify(words.fields)}::jsonb
    where id = ${alertId}`;
}

/** What waits for the end of its cycle may go out at once: the cycle is over. */
export async function hurryDeliveries(sql: Sql, since: number, now: number): Promise<void> {
  await sql`
    update deliveries set due_at = ${now}
    where state = 'pending' and attempts = 0 and due_at > ${now} and created_at >= ${since}`;
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

/** The open alerts of a kind about a connection. */
export async function listOpenOfConnection(
  sql: Sql,
  connectionId: number,
  kind: AlertKind,
): Promise<number[]> {
  const rows = await sql<{ id: number }>`
    select id from alerts
    where connection_id = ${connectionId} and kind = ${kind} and resolved_at is null order by id`;
  return rows.map(({ id }) => id);
}

/** Makes sure that a channel of this name exists; what an operator set on it stays. */
export async function ensureChannel(sql: Sql, name: string, kind: 'slack'): Promise<void> {
  await sql`insert into channels (name, kind) values (${name}, ${kind}) on conflict (name) do nothing`;
}
