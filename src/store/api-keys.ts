import type { Role } from '../domain/permissions.ts';
import type { Sql } from '../ports/sql.ts';

/** A key that still works, without the key. Instants are epoch ms. */
export interface ApiKeyRow {
  id: number;
  name: string;
  role: Role;
  /** E-mail of the member who made it; null = the operator's tool. */
  madeBy: string | null;
  createdAt: number;
  lastUsedAt: number | null;
}

/** Adds a key; null when a living one bears the name, otherwise its id. `madeBy` is the e-mail of a member. */
export async function insertApiKey(
  sql: Sql,
  key: { name: string; role: Role; digest: Uint8Array; madeBy: string | null; at: number },
): Promise<number | null> {
  const [row] = await sql<{ id: number }>`
    insert into api_keys (name, role, key_sha256, member_id, created_at)
    values (${key.name}, ${key.role}, ${key.digest}, (select id from members where email = ${key.madeBy}), ${key.at})
    on conflict (name) where revoked_at is null do nothing
    returning id`;
  return row?.id ?? null;
}

/** The keys that were not revoked, those of one member or (null) all. */
export async function listApiKeys(sql: Sql, madeBy: string | null): Promise<ApiKeyRow[]> {
  return sql<ApiKeyRow>`
    select k.id, k.name, k.role, m.email as "madeBy", k.created_at as "createdAt", k.last_used_at as "lastUsedAt"
    from api_keys k left join members m on m.id = k.member_id
    where k.revoked_at is null and (${madeBy}::text is null or m.email = ${madeBy}::text)
    order by k.name`;
}

/** Which key is meant: by its number, or by the name that it bears while it lives. */
export type KeyName = { id: number } | { name: string };

/** Ends a living key, of one member's own or (null) anybody's; its name, or null when there is none such. */
export async function revokeApiKeyRow(
  sql: Sql,
  key: KeyName,
  { madeBy, at }: { madeBy: string | null; at: number },
): Promise<string | null> {
  const { id, name } = { id: null, name: null, ...key };
  const [row] = await sql<{ name: string }>`
    update api_keys k set revoked_at = ${at}
    where (k.id = ${id}::int or k.name = ${name}::text) and k.revoked_at is null
      and (${madeBy}::text is null or k.member_id = (select id from members where email = ${madeBy}::text))
    returning k.name`;
  return row?.name ?? null;
}

/** The living key with this digest, and the role that its maker has now; null when he was shut out. */
export async function findApiKey(
  sql: Sql,
  digest: Uint8Array,
): Promise<{
  id: number;
  name: string;
  role: Role;
  makerRole: Role | null;
  lastUsedAt: number | null;
} | null> {
  const [row] = await sql<{
    id: number;
    name: string;
    role: Role;
    makerRole: Role | null;
    lastUsedAt: number | null;
  }>`
    select k.id, k.name, k.role, m.role as "makerRole", k.last_used_at as "lastUsedAt"
    from api_keys k left join members m on m.id = k.member_id
    where k.key_sha256 = ${digest} and k.revoked_at is null and m.disabled_at is null`;
  return row ?? null;
}

/** Notes that the key is in use. Never moves the time back. */
export async function touchApiKey(sql: Sql, id: number, at: number): Promise<void> {
  await sql`update api_keys set last_used_at = ${at} where id = ${id} and (last_used_at is null or last_used_at < ${at})`;
}
