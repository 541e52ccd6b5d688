import type { Role } from '../domain/permissions.ts';
import type { Sql } from '../ports/sql.ts';
import { announceMember } from './live.ts';

export interface SessionRow {
  email: string;
  role: Role;
  last_seen_at: number;
  /** He is an admin without a second step, and admins need one. */
  is_held: boolean;
}

export async function insertSession(
  sql: Sql,
  session: { digest: Uint8Array; memberId: string; at: number; expiresAt: number; device: string | null },
): Promise<void> {
  await sql`
    insert into sessions (token_sha256, member_id, created_at, last_seen_at, expires_at, device)
    values (${session.digest}, ${session.memberId}, ${session.at}, ${session.at}, ${session.expiresAt}, ${session.device})`;
}

/** The session and, as they are now, its member's e-mail and role. Null when it has run out or the member is disabled. */
export async function findSession(
  sql: Sql,
  digest: Uint8Array,
  at: number,
  idleMs: number,
): Promise<SessionRow | null> {
  const [row] = await sql<SessionRow>`
    select m.email, m.role, s.last_seen_at,
      m.role = 'admin' and exists (select from sign_in_policy p where p.admins_need_second_step)
        and not exists (select from second_steps t where t.member_id = m.id and t.confirmed_at is not null) as is_held
    from sessions s join members m on m.id = s.member_id
    where s.token_sha256 = ${digest} and s.expires_at > ${at} and s.last_seen_at > ${at - idleMs}
      and m.disabled_at is null`;
  return row ?? null;
}

/** The sessions of a member that live, the one in use last first. `own` marks the session that asks. */
export async function listSessions(
  sql: Sql,
  email: string,
  { at, idleMs, own }: { at: number; idleMs: number; own: Uint8Array },
): Promise<{ id: string; device: string | null; createdAt: number; lastSeenAt: number; isThis: boolean }[]> {
  return sql`
    select s.id, s.device, s.created_at as "createdAt", s.last_seen_at as "lastSeenAt", s.token_sha256 = ${own} as "isThis"
    from sessions s join members m on m.id = s.member_id
    where m.email = ${email} and s.expires_at > ${at} and s.last_seen_at > ${at - idleMs}
    order by "isThis" desc, s.last_seen_at desc, s.id`;
}

/** Notes that the session is in use. Never moves the time back. */
export async function touchSession(sql: Sql, digest: Uint8Array, at: number): Promise<void> {
  await sql`update sessions set last_seen_at = ${at} where token_sha256 = ${digest} and last_seen_at < ${at}`;
}

/** Ends one session; the e-mail of its member, or null when there was none. */
export async function deleteSession(sql: Sql, digest: Uint8Array): Promise<string | null> {
  const [row] = await sql<{ email: string }>`
    delete from sessions s using members m where s.token_sha256 = ${digest} and m.id = s.member_id
    returning m.email`;
  if (row !== undefined) await announceMember(sql, row.email);
  return row?.email ?? null;
}

/** Ends one session of a member by its id; how its device is called, or null when there was none. */
export async function deleteSessionOf(
  sql: Sql,
  email: string,
  id: string,
): Promise<{ device: string | null } | null> {
  const [row] = await sql<{ device: string | null }>`
    delete from sessions s using members m
    where s.id = ${id}::uuid and m.id = s.member_id and m.email = ${email} returning s.device`;
  if (row !== undefined) await announceMember(sql, email);
  return row ?? null;
}

/** Ends all sessions of a member, or all but the one with the digest `except`; how many they were. */
export async function deleteSessionsOf(
  sql: Sql,
  memberId: string,
  except: Uint8Array | null = null,
): Promise<number> {
  const rows = await sql<{ email: string }>`
    delete from sessions s using members m
    where s.member_id = ${memberId} and m.id = s.member_id and (${except}::bytea is null or s.token_sha256 <> ${except})
    returning m.email`;
  if (rows[0] !== undefined) await announceMember(sql, rows[0].email);
  return rows.length;
}

export async function deleteExpiredSessions(sql: Sql, at: number, idleMs: number): Promise<void> {
  await sql`
    delete from sessions where token_sha256 in (
      select token_sha256 from sessions where expires_at <= ${at} or last_seen_at <= ${at - idleMs}
      for update skip locked)`;
}
