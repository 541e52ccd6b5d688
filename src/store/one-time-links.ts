import type { Sql } from '../ports/sql.ts';

export type LinkPurpose = 'first_admin';

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
