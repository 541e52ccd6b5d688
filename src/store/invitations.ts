import type { Role } from '../domain/permissions.ts';
import type { Sql } from '../ports/sql.ts';

/** An invitation that was neither accepted nor withdrawn. Instants are epoch ms. */
export interface InvitationRow {
  email: string;
  role: Role;
  invitedBy: string;
  createdAt: number;
  expiresAt: number;
}

/** Makes this the only invitation of its e-mail that counts. */
export async function replaceInvitation(
  sql: Sql,
  given: { email: string; role: Role; digest: Uint8Array; by: string; at: number; expiresAt: number },
): Promise<void> {
  await sql`
    insert into invitations (email, role, token_sha256, invited_by, created_at, expires_at)
    values (${given.email}, ${given.role}, ${given.digest}, ${given.by}, ${given.at}, ${given.expiresAt})
    on conflict (email) where accepted_at is null and withdrawn_at is null
    do update set role = excluded.role, token_sha256 = excluded.token_sha256, invited_by = excluded.invited_by,
      created_at = excluded.created_at, expires_at = excluded.expires_at`;
}

/** False when there is none to withdraw. */
export async function withdrawRow(sql: Sql, email: string, at: number): Promise<boolean> {
  const rows = await sql`
    update invitations set withdrawn_at = ${at}
    where email = ${email} and accepted_at is null and withdrawn_at is null returning 1`;
  return rows.length > 0;
}

/** Those that wait for an answer, and those that ran out waiting. */
export async function listInvitations(sql: Sql): Promise<InvitationRow[]> {
  return sql<InvitationRow>`
    select email, role, invited_by as "invitedBy", created_at as "createdAt", expires_at as "expiresAt"
    from invitations where accepted_at is null and withdrawn_at is null order by email`;
}

/**
 * The invitation of this link while it counts. It is the word of whoever invited: once he is no admin any more, it is worth
 * nothing. Locked till the transaction ends, so that of many who accept at once one does.
 */
export async function lockInvitation(
  sql: Sql,
  digest: Uint8Array,
  at: number,
): Promise<(Omit<InvitationRow, 'createdAt'> & { id: number }) | null> {
  const [row] = await sql<Omit<InvitationRow, 'createdAt'> & { id: number }>`
    select i.id, i.email, i.role, i.invited_by as "invitedBy", i.expires_at as "expiresAt" from invitations i
    where i.token_sha256 = ${digest} and i.accepted_at is null and i.withdrawn_at is null and i.expires_at > ${at}
      and (i.invited_by = 'operator' or exists (
        select from members m where m.email = i.invited_by and m.role = 'admin' and m.disabled_at is null))
    for no key update of i`;
  return row ?? null;
}

export async function acceptRow(sql: Sql, id: number, at: number): Promise<void> {
  await sql`update invitations set accepted_at = ${at} where id = ${id}`;
}
