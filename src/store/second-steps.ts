import type { Sql } from '../ports/sql.ts';

/** What sealing binds a second step's secret to, beside the member. */
export const secondStepPurpose = 'second_step';

export interface SecondStepRow {
  sealed: Uint8Array;
  isConfirmed: boolean;
  lastStep: number;
}

/** The member's second step, begun or in force, locked till the transaction ends: of two who send one code, one is first. */
export async function lockSecondStep(sql: Sql, memberId: string): Promise<SecondStepRow | null> {
  const [row] = await sql<SecondStepRow>`
    select sealed, confirmed_at is not null as "isConfirmed", last_step as "lastStep"
    from second_steps where member_id = ${memberId} for no key update`;
  return row ?? null;
}

/** Begins anew; false when one is in force already. */
export async function beginRow(
  sql: Sql,
  { memberId, sealed, at }: { memberId: string; sealed: Uint8Array; at: number },
): Promise<boolean> {
  const rows = await sql`
    insert into second_steps (member_id, sealed, created_at) values (${memberId}, ${sealed}, ${at})
    on conflict (member_id) do update set sealed = excluded.sealed, created_at = excluded.created_at, last_step = 0
      where second_steps.confirmed_at is null
    returning 1`;
  return rows.length > 0;
}

/** Notes whose code was accepted; the first one puts the second step in force. */
export async function acceptStep(
  sql: Sql,
  { memberId, step, at }: { memberId: string; step: number; at: number },
): Promise<void> {
  await sql`
    update second_steps set last_step = ${step}, confirmed_at = coalesce(confirmed_at, ${at})
    where member_id = ${memberId}`;
}

/** Takes the second step and its recovery codes away; false when there was none in force. */
export async function deleteSecondStep(sql: Sql, memberId: string): Promise<boolean> {
  await sql`delete from recovery_codes where member_id = ${memberId}`;
  const rows = await sql<{ wasConfirmed: boolean }>`
    delete from second_steps where member_id = ${memberId} returning confirmed_at is not null as "wasConfirmed"`;
  return rows[0]?.wasConfirmed === true;
}

/** These recovery codes and no others. */
export async function replaceRecoveryCodes(
  sql: Sql,
  memberId: string,
  digests: readonly Uint8Array[],
  at: number,
): Promise<void> {
  await sql`delete from recovery_codes where member_id = ${memberId}`;
  for (const digest of digests)
    await sql`insert into recovery_codes (member_id, code_sha256, created_at) values (${memberId}, ${digest}, ${at})`;
}

/** Uses a recovery code up; false for everyone but the first. */
export async function takeRecoveryCode(
  sql: Sql,
  memberId: string,
  digest: Uint8Array,
  at: number,
): Promise<boolean> {
  const rows = await sql`
    update recovery_codes set used_at = ${at}
    where member_id = ${memberId} and code_sha256 = ${digest} and used_at is null returning 1`;
  return rows.length > 0;
}

/** Whether a second step is in force for the member, and how many recovery codes are left. */
export async function findSecondStep(
  sql: Sql,
  email: string,
): Promise<{ isOn: boolean; recoveryCodesLeft: number }> {
  const [row] = await sql<{ isOn: boolean; recoveryCodesLeft: number }>`
    select exists (select from second_steps s where s.member_id = m.id and s.confirmed_at is not null) as "isOn",
      (select count(*) from recovery_codes c where c.member_id = m.id and c.used_at is null) as "recoveryCodesLeft"
    from members m where m.email = ${email}`;
  return row ?? { isOn: false, recoveryCodesLeft: 0 };
}

/** Whether admins may do nothing without a second step. */
export async function readPolicy(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ is: boolean }>`select admins_need_second_step as "is" from sign_in_policy`;
  return row?.is ?? false;
}

export async function writePolicy(sql: Sql, isNeeded: boolean): Promise<void> {
  await sql`
    insert into sign_in_policy (admins_need_second_step) values (${isNeeded})
    on conflict (is_only) do update set admins_need_second_step = excluded.admins_need_second_step`;
}
