import type { Sql } from '../ports/sql.ts';

/** An alert as far as somebody can act on it. */
export interface ActedAlert {
  id: number;
  kind: string;
  title: string;
  body: string;
  resolvedAt: number | null;
  acknowledgedBy: string | null;
}

/** Holds an alert's row to the end of the transaction; null when there is none of this id. */
export async function lockAlert(sql: Sql, id: number): Promise<ActedAlert | null> {
  const [row] = await sql<ActedAlert>`
    select id, kind, title, body, resolved_at as "resolvedAt", acknowledged_by as "acknowledgedBy"
    from alerts where id = ${id}::int8 for no key update`;
  return row ?? null;
}

/** Writes down who takes care of it. From then on nothing is repeated and nobody further is told. */
export async function writeAcknowledgement(
  sql: Sql,
  id: number,
  word: { by: string; reason: string; at: number },
): Promise<void> {
  await sql`
    update alerts set acknowledged_at = ${word.at}, acknowledged_by = ${word.by}, acknowledged_reason = ${word.reason},
      next_step_at = null, snoozed_until = null
    where id = ${id}::int8`;
  await dropWaitingSteps(sql, id);
}

/** Says nothing more of it until then. */
export async function writeSnooze(sql: Sql, id: number, until: number): Promise<void> {
  await sql`update alerts set snoozed_until = ${until}, next_step_at = ${until} where id = ${id}::int8`;
  await dropWaitingSteps(sql, id);
}

/** Repeats that have not been tried yet are not wanted any more; what was tried once may have arrived and stays. */
async function dropWaitingSteps(sql: Sql, id: number): Promise<void> {
  await sql`
    delete from deliveries where alert_id = ${id}::int8 and purpose in ('repeat', 'escalated') and attempts = 0
      and state in ('pending', 'held')`;
}

/** The zone of a member, or null when nobody has this name. */
export async function findZone(sql: Sql, email: string): Promise<string | null> {
  const [row] = await sql<{ timezone: string }>`select timezone from members where email = ${email}`;
  return row?.timezone ?? null;
}
