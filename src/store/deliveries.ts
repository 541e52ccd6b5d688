import type { ChannelKind, Purpose } from '../ports/channel.ts';
import type { Database, Sql } from '../ports/sql.ts';

/** One attempt that is ours until its lease runs out, with the words to send. Instants are epoch ms. */
export interface ClaimedDelivery {
  id: number;
  alertId: number;
  channelId: number;
  step: number;
  owner: string;
  /** Counts from 1; with `owner` it is the right to record what became of this attempt. */
  attempt: number;
  /** True when an earlier attempt may have arrived. */
  isPossibleRepeat: boolean;
  createdAt: number;
  purpose: Purpose;
  /** How the receiver called an earlier message about the same alert. */
  sentRef: string | null;
  severity: 'critical' | 'warning' | 'info';
  title: string;
  body: string;
  fields: unknown;
  openedAt: number;
}

/** Who claims, for how long, and how soon the channel may be used again, all in epoch ms and milliseconds. */
export interface ClaimRequest {
  channelId: number;
  owner: string;
  now: number;
  leaseMs: number;
  spacingMs: number;
}

/**
 * Takes the oldest due delivery of a channel; null when there is none or the channel is paused, disabled or just being claimed.
 * Committed on return: from then on the attempt's outcome is unknown until it is recorded.
 */
export async function claimDelivery(
  database: Pick<Database, 'transaction'>,
  { channelId, owner, now, leaseMs, spacingMs }: ClaimRequest,
): Promise<ClaimedDelivery | null> {
  return database.transaction(async (sql) => {
    // The lock makes several senders keep the spacing together.
    const open = await sql`
      select id from channels
      where id = ${channelId} and disabled_at is null and (paused_until is null or paused_until <= ${now})
      for no key update`;
    if (open.length === 0) return null;
    const [claimed] = await sql<ClaimedDelivery>`
      update deliveries d
      set may_have_arrived = d.may_have_arrived or d.state = 'claimed', state = 'claimed',
          attempts = d.attempts + 1, claimed_by = ${owner}, claimed_at = ${now}, lease_until = ${now + leaseMs}
      from alerts a
      where a.id = d.alert_id and d.id = (
        select id from deliveries
        where channel_id = ${channelId}
          and (state in ('pending', 'retry') and due_at <= ${now} or state = 'claimed' and lease_until <= ${now})
        order by created_at, id
        limit 1
        for update skip locked)
      returning d.id, d.alert_id as "alertId", d.channel_id as "channelId", d.step, d.claimed_by as owner,
        d.attempts as attempt, d.may_have_arrived as "isPossibleRepeat", d.created_at as "createdAt",
        d.purpose, a.severity, coalesce(d.words ->> 'title', a.title) as title,
        coalesce(d.words ->> 'body', a.body) as body, coalesce(d.words -> 'fields', a.fields) as fields,
        a.opened_at as "openedAt",
        (select e.ref from deliveries e where e.alert_id = d.alert_id and e.channel_id = d.channel_id and e.ref is not null
          order by e.step limit 1) as "sentRef"`;
    if (claimed === undefined) return null;
    await pauseChannel(sql, channelId, now + spacingMs);
    return claimed;
  });
}

/** False when the claim is no longer ours: then somebody else's record stands. `ref` is the receiver's name for the message. */
export async function recordSent(
  sql: Sql,
  claim: ClaimedDelivery,
  now: number,
  ref: string | null = null,
): Promise<boolean> {
  const rows = await sql`
    with sent as (
      update deliveries
      set state = 'sent', sent_at = ${now}, ref = ${ref}, claimed_by = null, lease_until = null, last_error = null,
        duration_ms = ${now}::int8 - extract(epoch from claimed_at) * 1000
      where id = ${claim.id} and state = 'claimed' and claimed_by = ${claim.owner} and attempts = ${claim.attempt}
      returning channel_id, duration_ms)
    update channels c set last_sent_at = ${now}, last_duration_ms = sent.duration_ms
    from sent where c.id = sent.channel_id returning c.id`;
  return rows.length > 0;
}

/** False when the claim is no longer ours. `mayHaveArrived` marks every later attempt as a possible repeat. */
export async function recordRetry(
  sql: Sql,
  claim: ClaimedDelivery,
  failure: { dueAt: number; reason: string; mayHaveArrived: boolean },
): Promise<boolean> {
  const rows = await sql`
    update deliveries
    set state = 'retry', due_at = ${failure.dueAt}, last_error = ${failure.reason},
        may_have_arrived = may_have_arrived or ${failure.mayHaveArrived}, claimed_by = null, lease_until = null
    where id = ${claim.id} and state = 'claimed' and claimed_by = ${claim.owner} and attempts = ${claim.attempt}
    returning id`;
  return rows.length > 0;
}

/** False when the claim is no longer ours. */
export async function recordDead(sql: Sql, claim: ClaimedDelivery, reason: string): Promise<boolean> {
  const rows = await sql`
    update deliveries set state = 'dead', last_error = ${reason}, claimed_by = null, lease_until = null
    where id = ${claim.id} and state = 'claimed' and claimed_by = ${claim.owner} and attempts = ${claim.attempt}
    returning id`;
  return rows.length > 0;
}

/** Ends what waits for disabled channels and answers the ended deliveries. An attempt in flight keeps its outcome. */
export async function buryUndeliverable(sql: Sql, now: number): Promise<{ id: number; alertId: number }[]> {
  return sql<{ id: number; alertId: number }>`
    update deliveries d
    set state = 'dead', claimed_by = null, lease_until = null,
        may_have_arrived = d.may_have_arrived or d.state = 'claimed',
        last_error = 'channel disabled: ' || coalesce(c.disabled_reason, 'by hand')
    from channels c
    where c.id = d.channel_id and c.disabled_at is not null
      and (d.state in ('pending', 'retry') or d.state = 'claimed' and d.lease_until <= ${now})
    returning d.id, d.alert_id as "alertId"`;
}

/**
 * Gives messages that died with these deliveries to every other enabled channel of ours, unless one of them has that message
 * already.
 */
export async function handOver(sql: Sql, deadIds: readonly number[], now: number): Promise<void> {
  await sql`
    insert into deliveries (alert_id, channel_id, step, purpose, words, due_at, created_at)
    select dead.alert_id, c.id,
      (select coalesce(max(d.step) + 1, 0) from deliveries d where d.alert_id = dead.alert_id and d.channel_id = c.id)
        + row_number() over (partition by dead.alert_id, c.id order by dead.step, dead.id) - 1,
      dead.purpose, dead.words, ${now}::timestamptz, ${now}::timestamptz
    from deliveries dead
    join channels c on c.disabled_at is null and c.vendor_id is null and c.id <> dead.channel_id
    where dead.id = any(${deadIds}::bigint[]) and dead.purpose <> 'test' and not exists (
      select 1 from deliveries told
      join channels other on other.id = told.channel_id and other.disabled_at is null and other.vendor_id is null
      where told.alert_id = dead.alert_id and told.purpose = dead.purpose and told.id <> dead.id
        and told.state <> 'dead')
    on conflict (alert_id, channel_id, step) do nothing`;
}

/** Remembers a channel's last failure, for whoever looks after it. */
export async function noteChannelError(
  sql: Sql,
  channelId: number,
  reason: string,
  now: number,
): Promise<void> {
  await sql`update channels set last_error = ${reason}, last_error_at = ${now} where id = ${channelId}`;
}

/** Makes senders that end deliveries of one channel wait for each other; whoever locks both takes this one first. */
export async function lockChannel(sql: Sql, channelId: number): Promise<void> {
  await sql`select id from channels where id = ${channelId} for no key update`;
}

/** False when the channel was disabled before. `reason` is shown to people. */
export async function disableChannel(
  sql: Sql,
  channelId: number,
  reason: string,
  now: number,
): Promise<boolean> {
  const rows = await sql`
    update channels set disabled_at = ${now}, disabled_reason = ${reason}
    where id = ${channelId} and disabled_at is null
    returning id`;
  return rows.length > 0;
}

/** Keeps a channel silent until `until` (epoch ms); never shortens a pause. */
export async function pauseChannel(sql: Sql, channelId: number, until: number): Promise<void> {
  await sql`update channels set paused_until = greatest(paused_until, ${until}) where id = ${channelId}`;
}

/** Opens an alert about a channel and gives it to all other enabled ones; a key that is known opens nothing. */
export async function openChannelAlert(
  sql: Sql,
  channelId: number,
  alert: { key: string; kind: string; title: string; body: string; fields: object[]; now: number },
): Promise<void> {
  await sql`
    with opened as (
      insert into alerts (key, kind, severity, title, body, fields, opened_at)
      values (${alert.key}, ${alert.kind}, 'critical', ${alert.title}, ${alert.body},
        ${JSON.stringify(alert.fields)}::jsonb, ${alert.now})
      on conflict (key) do nothing
      returning id)
    insert into deliveries (alert_id, channel_id, due_at, created_at)
    select opened.id, c.id, ${alert.now}::timestamptz, ${alert.now}::timestamptz
    from opened cross join channels c
    where c.disabled_at is null and c.vendor_id is null and c.id <> ${channelId}`;
}

/** A channel with something to send, and how it is reached. */
export interface DueChannel {
  id: number;
  name: string;
  kind: ChannelKind;
  /** Its settings, sealed; null where the environment says them. */
  sealed: Uint8Array | null;
}

/** The channels that have something to send at `now` and may. */
export async function listDueChannels(sql: Sql, now: number): Promise<DueChannel[]> {
  return sql<DueChannel>`
    select c.id, c.name, c.kind, c.sealed from channels c
    where c.disabled_at is null and (c.paused_until is null or c.paused_until <= ${now}) and exists (
      select 1 from deliveries d
      where d.channel_id = c.id
        and (d.state in ('pending', 'retry') and d.due_at <= ${now} or d.state = 'claimed' and d.lease_until <= ${now}))
    order by c.id`;
}

/** When the next delivery can go out (epoch ms, pauses counted in), of one channel or of all but some; null when none waits. */
export async function findNextDue(
  sql: Sql,
  of: { channelId: number } | { exceptIds: readonly number[] },
): Promise<number | null> {
  const channelId = 'channelId' in of ? of.channelId : null;
  const exceptIds = 'exceptIds' in of ? of.exceptIds : [];
  const [row] = await sql<{ at: number | null }>`
    select min(greatest(case when d.state = 'claimed' then d.lease_until else d.due_at end, c.paused_until)) as at
    from deliveries d join channels c on c.id = d.channel_id
    where d.state in ('pending', 'retry', 'claimed') and c.disabled_at is null
      and (${channelId}::int is null or c.id = ${channelId}::int) and c.id <> all (${exceptIds}::int[])`;
  return row?.at ?? null;
}

/** Since when the oldest unsent delivery is due (epoch ms; it may lie ahead); null when none waits. For the health answer. */
export async function findOldestDue(sql: Sql): Promise<number | null> {
  const [row] = await sql<{ at: number | null }>`
    select min(d.due_at) as at
    from deliveries d join channels c on c.id = d.channel_id
    where d.state in ('pending', 'retry', 'claimed') and c.disabled_at is null`;
  return row?.at ?? null;
}
