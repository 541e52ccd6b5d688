import type { Role } from '../domain/permissions.ts';
import type { Sql } from '../ports/sql.ts';

export interface MemberRow {
  id: string;
  email: string;
  role: Role;
  password_hash: string | null;
  disabled_at: number | null;
  /** Whether the password alone does not let him in. */
  has_second_step: boolean;
}

/** The member with this e-mail (lower case), disabled or not. */
export async function findMember(sql: Sql, email: string): Promise<MemberRow | null> {
  const [row] = await sql<MemberRow>`
    select id, email, role, password_hash, disabled_at,
      exists (select from second_steps s where s.member_id = m.id and s.confirmed_at is not null) as has_second_step
    from members m where email = ${email}`;
  return row ?? null;
}

/** When a member wants quiet, and the clock that it is read on; `from` and `to` are `HH:MM`. */
export interface MemberHours {
  timezone: string;
  quiet: { from: string; to: string } | null;
}

export interface MemberWithHours {
  id: string;
  email: string;
  hours: MemberHours;
}

/** The same as `findMemberWithHours`, locked till the transaction ends: wishes of one member wait for each other. */
export async function lockMember(sql: Sql, email: string): Promise<MemberWithHours | null> {
  await sql`select 1 from members where email = ${email} for no key update`;
  return findMemberWithHours(sql, email);
}

/** The member with this e-mail, unless he was shut out. */
export async function findMemberWithHours(sql: Sql, email: string): Promise<MemberWithHours | null> {
  const [row] = await sql<{
    id: string;
    email: string;
    timezone: string;
    from: string | null;
    to: string | null;
  }>`
    select id, email, timezone, to_char(quiet_from, 'HH24:MI') as "from", to_char(quiet_to, 'HH24:MI') as "to"
    from members where email = ${email} and disabled_at is null`;
  if (row === undefined) return null;
  const { from, to, timezone, ...member } = row;
  return { ...member, hours: { timezone, quiet: from === null || to === null ? null : { from, to } } };
}

export async function updateHours(
  sql: Sql,
  memberId: string,
  { timezone, quiet }: MemberHours,
): Promise<void> {
  await sql`
    update members set timezone = ${timezone}, quiet_from = ${quiet?.from ?? null}::time, quiet_to = ${quiet?.to ?? null}::time
    where id = ${memberId}`;
}

/** Adds a member; null when the e-mail is taken. Otherwise the new id. */
export async function insertMember(
  sql: Sql,
  member: { email: string; role: Role; passwordHash: string; at: number },
): Promise<string | null> {
  const [row] = await sql<{ id: string }>`
    insert into members (email, role, password_hash, created_at)
    values (${member.email}, ${member.role}, ${member.passwordHash}, ${member.at})
    on conflict (email) do nothing
    returning id`;
  return row?.id ?? null;
}

export async function hasAdmin(sql: Sql): Promise<boolean> {
  const rows = await sql`select 1 from members where role = 'admin' and disabled_at is null limit 1`;
  return rows.length > 0;
}

/** Makes everyone who is about to create a first admin wait for each other, to the end of the transaction. */
export async function lockFirstAdmin(sql: Sql): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('arbhub:first-admin', 0))`;
}

/** Ids of the admins who can sign in, locked till the transaction ends: of two who drop each other, one must wait and see. */
export async function lockAdmins(sql: Sql): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    select id from members where role = 'admin' and disabled_at is null order by id for update`;
  return rows.map((row) => row.id);
}

export async function updateRole(sql: Sql, memberId: string, role: Role): Promise<void> {
  await sql`update members set role = ${role} where id = ${memberId}`;
}

export async function updateDisabled(sql: Sql, memberId: string, at: number): Promise<void> {
  await sql`update members set disabled_at = coalesce(disabled_at, ${at}) where id = ${memberId}`;
}

export async function clearDisabled(sql: Sql, memberId: string): Promise<void> {
  await sql`update members set disabled_at = null where id = ${memberId}`;
}

export async function updatePassword(sql: Sql, memberId: string, passwordHash: string): Promise<void> {
  await sql`update members set password_hash = ${passwordHash} where id = ${memberId}`;
}

/** One line of the audit log. `detail` must hold no secret. */
export async function insertAudit(
  sql: Sql,
  entry: { at: number; actor: string; action: string; detail: Record<string, unknown> },
): Promise<void> {
  await sql`
    insert into audit_log (at, actor, action, detail)
    values (${entry.at}, ${entry.actor}, ${entry.action}, ${JSON.stringify(entry.detail)}::jsonb)`;
}
