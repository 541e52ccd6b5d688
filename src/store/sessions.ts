import type { Role } from '../domain/permissions.ts';
import type { Sql } from '../ports/sql.ts';

export interface SessionRow {
  email: string;
  role: Role;
  last_seen_at: number;
}

export async function insertSession(
  sql: Sql,
  session: { digest: Uint8Array; memberId: string; at: number; expiresAt: number },
): Promise<void> {
  await sql`
    insert into sessions (token_sha256, member_id, created_at, last_seen_at, expires_at)
    values (${session.digest}, ${session.memberId}, ${session.at}, ${session.at}, ${session.expiresAt})`;
}

/** The session and, as they are now, its member's e-mail and role. Null when it has run out or the member is disabled. */
export async function findSession(
  sql: Sql,
  digest: Uint8Array,
  at: number,
  idleMs: number,
): Promise<SessionRow | null> {
  const [row] = await sql<SessionRow>`
    select m.email, m.role, s.last_seen_at
    from sessions s join members m on m.id = s.member_id
    where s.token_sha256 = ${digest} and s.expires_at > ${at} and s.last_seen_at > ${at - idleMs}
      and m.disabled_at is null`;
  return row ?? null;
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
  return row?.email ?? null;
}

export async function deleteSessionsOf(sql: Sql, memberId: string): Promise<void> {
  await sql`delete from sessions where member_id = ${memberId}`;
}

export async function deleteExpiredSessions(sql: Sql, at: number, idleMs: number): Promise<void> {
  await sql`
    delete from sessions where token_sha256 in (
      select token_sha256 from sessions where expires_at <= ${at} or last_seen_at <= ${at - idleMs}
      for update skip locked)`;
}
