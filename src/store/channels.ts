import type { Severity } from '../domain/alert.ts';
import type { ChannelKind } from '../ports/channel.ts';
import type { Sql } from '../ports/sql.ts';

/** What sealing binds a channel's settings to, beside its id. */
export const channelPurpose = 'channel';

/** A channel as it is shown; nothing in it is secret. Instants are epoch ms. */
export interface ChannelRow {
  id: number;
  name: string;
  kind: ChannelKind;
  /** What may be shown of how it is reached; null for the one of the settings. */
  shown: string | null;
  lowestSeverity: Severity;
  kinds: string[] | null;
  /** Names of the vendors whose accounts it hears of; null: all. */
  vendors: string[] | null;
  /** The vendor whose own it is. */
  vendor: string | null;
  /** E-mail of the member whose quiet hours count. */
  member: string | null;
  escalationLevel: number;
  disabledAt: number | null;
  disabledReason: string | null;
  lastSentAt: number | null;
  lastError: string | null;
  lastErrorAt: number | null;
  lastDurationMs: number | null;
}

/** The channels that were not removed, by id. */
export async function listChannels(sql: Sql): Promise<ChannelRow[]> {
  return sql<ChannelRow>`
    select c.id, c.name, c.kind, c.shown, c.lowest_severity as "lowestSeverity", c.kinds,
      (select array_agg(v.name order by v.name) from vendors v where v.id = any (c.vendor_ids)) as vendors,
      own.name as vendor, m.email as member, c.escalation_level as "escalationLevel", c.disabled_at as "disabledAt",
      c.disabled_reason as "disabledReason", c.last_sent_at as "lastSentAt", c.last_error as "lastError",
      c.last_error_at as "lastErrorAt", c.last_duration_ms as "lastDurationMs"
    from channels c left join vendors own on own.id = c.vendor_id left join members m on m.id = c.member_id
    where c.removed_at is null order by c.id`;
}

/** A channel with its sealed settings, locked; null when there is none of this name. */
export async function lockChannelNamed(
  sql: Sql,
  name: string,
): Promise<{ id: number; name: string; kind: ChannelKind; sealed: Uint8Array | null } | null> {
  const [row] = await sql<{ id: number; name: string; kind: ChannelKind; sealed: Uint8Array | null }>`
    select id, name, kind, sealed from channels where name = ${name} and removed_at is null for update`;
  return row ?? null;
}

/** Makes a channel; null when the name is taken. Its settings follow, because sealing binds them to the id. */
export async function insertChannel(
  sql: Sql,
  { name, kind, shown, at }: { name: string; kind: ChannelKind; shown: string; at: number },
): Promise<number | null> {
  const [row] = await sql<{ id: number }>`
    insert into channels (name, kind, shown, created_at) values (${name}, ${kind}, ${shown}, ${at})
    on conflict (name) do nothing returning id`;
  return row?.id ?? null;
}

export async function sealChannel(sql: Sql, channelId: number, sealed: Uint8Array): Promise<void> {
  await sql`update channels set sealed = ${sealed} where id = ${channelId}`;
}

/** What a channel hears; what is not given stays. Null takes a limit away. */
export interface Hearing {
  lowestSeverity?: Severity;
  kinds?: readonly string[] | null;
  vendorIds?: readonly number[] | null;
  vendorId?: number | null;
  memberId?: string | null;
  escalationLevel?: number;
}

export async function setHearing(sql: Sql, channelId: number, hearing: Hearing): Promise<void> {
  const { lowestSeverity, kinds, vendorIds, vendorId, memberId, escalationLevel } = hearing;
  await sql`
    update channels set
      lowest_severity = coalesce(${lowestSeverity ?? null}::text, lowest_severity),
      kinds = case when ${kinds === undefined}::boolean then kinds else ${kinds ?? null}::text[] end,
      vendor_ids = case when ${vendorIds === undefined}::boolean then vendor_ids else ${vendorIds ?? null}::int[] end,
      vendor_id = case when ${vendorId === undefined}::boolean then vendor_id else ${vendorId ?? null}::int end,
      member_id = case when ${memberId === undefined}::boolean then member_id else ${memberId ?? null}::uuid end,
      escalation_level = coalesce(${escalationLevel ?? null}::int, escalation_level)
    where id = ${channelId}`;
}

/** Lets a channel that was disabled be used again. */
export async function enableChannel(sql: Sql, channelId: number): Promise<void> {
  await sql`
    update channels set disabled_at = null, disabled_reason = null, paused_until = null where id = ${channelId}`;
}

/** Ends a channel: its secrets go, its past stays under a name that is free again. */
export async function removeChannelRow(sql: Sql, channelId: number, at: number): Promise<void> {
  await sql`
    update channels set removed_at = ${at}, sealed = null, name = name || ' (removed ' || id || ')',
      disabled_at = coalesce(disabled_at, ${at}), disabled_reason = 'removed'
    where id = ${channelId}`;
}

/** A browser of a member's that gets alerts. Instants are epoch ms. */
export interface DeviceRow {
  id: number;
  name: string;
  kind: ChannelKind;
  sealed: Uint8Array | null;
  addedAt: number;
  disabledReason: string | null;
  lastSentAt: number | null;
  lastError: string | null;
  lastErrorAt: number | null;
}

/** A member's devices that were not removed, oldest first. */
export async function listDevicesOf(sql: Sql, memberId: string): Promise<DeviceRow[]> {
  return sql<DeviceRow>`
    select id, name, kind, sealed, created_at as "addedAt", disabled_reason as "disabledReason",
      last_sent_at as "lastSentAt", last_error as "lastError", last_error_at as "lastErrorAt"
    from channels where member_id = ${memberId} and kind = 'web_push' and removed_at is null order by id`;
}

/** Ids by name, for those of the names that exist. */
export async function findVendorIds(sql: Sql, names: readonly string[]): Promise<Map<string, number>> {
  const rows = await sql<{ id: number; name: string }>`
    select id, name from vendors where name = any (${names}::text[])`;
  return new Map(rows.map(({ id, name }) => [name, id]));
}
