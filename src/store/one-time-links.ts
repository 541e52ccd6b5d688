import type { Role } from '../domain/permissions.ts';
import type { Sql } from '../ports/sql.ts';

export type LinkPurpose = 'first_admin' | 'alert' | MemberPurpose;
/** What the links of one member are for. */
export type MemberPurpose = 'password_reset' | 'second_step';

/** Makes this the only unused link for its purpose. */
export async function replaceLink(
  sql: Sql,
  link: { digest: Uint8Array; purpose: LinkPurpose; at: number; expiresAt: number },
): Promise<void> {
  await deleteUnusedLinks(sql, link.purpose);
  await sql`
    insert into one_time_links (token_sha256, purpose, created_at, expires_at)
    values (${link.digest}, ${link.purpose}, ${link.at}, ${link.expiresAt})`;
}

export async function deleteUnusedLinks(sql: Sql, purpose: LinkPurpose): Promise<void> {
  await sql`delete from one_time_links where purpose = ${purpose} and used_at is null`;
}

/** Whether the link could be used at this moment. */
export async function isLinkUsable(
  sql: Sql,
  digest: Uint8Array,
  purpose: LinkPurpose,
  at: number,
): Promise<boolean> {
  const rows = await sql`
    select 1 from one_time_links
    where token_sha256 = ${digest} and purpose = ${purpose} and used_at is null and expires_at > ${at}`;
  return rows.length > 0;
}

/** Uses the link up. False for everyone but the first who comes in time. */
export async function takeLink(
  sql: Sql,
  digest: Uint8Array,
  purpose: LinkPurpose,
  at: number,
): Promise<boolean> {
  const rows = await sql`
    update one_time_links set used_at = ${at}
    where token_sha256 = ${digest} and purpose = ${purpose} and used_at is null and expires_at > ${at}
    returning 1`;
  return rows.length > 0;
}

/**
 * Stores a link for one alert on one channel. False for a channel of a vendor's own, and for the device of a member whose role
 * is none of `roles`. Any number of links can be unused.
 */
export async function insertAlertLink(
  sql: Sql,
  link: {
    digest: Uint8Array;
    alertId: number;
    channelId: number;
    at: number;
    expiresAt: number;
    roles: readonly Role[];
  },
): Promise<boolean> {
  const rows = await sql`
    insert into one_time_links (token_sha256, purpose, created_at, expires_at, alert_id, channel_id)
    select ${link.digest}, 'alert', ${link.at}, ${link.expiresAt}, ${link.alertId}, c.id
    from channels c left join members m on m.id = c.member_id
    where c.id = ${link.channelId} and c.vendor_id is null
      and (c.kind <> 'web_push' or m.id is null or m.role = any (${link.roles}::text[]))
    returning 1`;
  return rows.length > 0;
}

/** What an alert's link leads to. */
export interface AlertLink {
  alertId: number;
  /** The name of the channel that it was sent to. */
  channel: string;
}

/** The alert and channel of a link that could be used at this moment; null for every other. Changes nothing. */
export async function findAlertLink(sql: Sql, digest: Uint8Array, at: number): Promise<AlertLink | null> {
  const [row] = await sql<AlertLink>`
    select l.alert_id as "alertId", c.name as channel
    from one_time_links l join channels c on c.id = l.channel_id
    where l.token_sha256 = ${digest} and l.purpose = 'alert' and l.used_at is null and l.expires_at > ${at}
      and c.removed_at is null`;
  return row ?? null;
}

/** Uses an alert's link up and answers what it leads to. Null for everyone but the first who comes in time. */
export async function takeAlertLink(sql: Sql, digest: Uint8Array, at: number): Promise<AlertLink | null> {
  const link = await findAlertLink(sql, digest, at);
  if (link === null || !(await takeLink(sql, digest, 'alert', at))) return null;
  return link;
}

/** Stores a link of one member. */
export async function insertMemberLink(
  sql: Sql,
  link: { digest: Uint8Array; purpose: MemberPurpose; memberId: string; at: number; expiresAt: number },
): Promise<void> {
  await sql`
    insert into one_time_links (token_sha256, purpose, created_at, expires_at, member_id)
    values (${link.digest}, ${link.purpose}, ${link.at}, ${link.expiresAt}, ${link.memberId})`;
}

/** Ends the links of a member that nobody has used, of one purpose or (null) of all. */
export async function deleteMemberLinks(
  sql: Sql,
  memberId: string,
  purpose: MemberPurpose | null = null,
): Promise<void> {
  await sql`
    delete from one_time_links
    where member_id = ${memberId} and used_at is null and (${purpose}::text is null or purpose = ${purpose}::text)`;
}

/** The member whose link could be used at this moment; null for every other, and when he was shut out. Changes nothing. */
export async function findMemberLink(
  sql: Sql,
  digest: Uint8Array,
  purpose: MemberPurpose,
  at: number,
): Promise<{ id: string; email: string } | null> {
  const [row] = await sql<{ id: string; email: string }>`
    select m.id, m.email from one_time_links l join members m on m.id = l.member_id
    where l.token_sha256 = ${digest} and l.purpose = ${purpose} and l.used_at is null and l.expires_at > ${at}
      and m.disabled_at is null`;
  return row ?? null;
}

/** Forgets links that ran out before an instant; every message about an alert brings one. */
export async function deleteOldLinks(sql: Sql, before: number): Promise<void> {
  await sql`delete from one_time_links where purpose <> 'first_admin' and expires_at < ${before}`;
}
