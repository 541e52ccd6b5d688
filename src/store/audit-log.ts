import type { Sql } from '../ports/sql.ts';

export interface AuditRow {
  id: number;
  at: number;
  actor: string;
  action: string;
  detail: Record<string, unknown>;
}

/** Lines of the audit log, newest first: those with an id below `before` (null = from the newest), of an actor and of acts that begin so. */
export async function listAuditRows(
  sql: Sql,
  which: { before: number | null; actor: string | null; action: string | null; most: number },
): Promise<AuditRow[]> {
  return sql<AuditRow>`
    select id, at, actor, action, detail from audit_log
    where (${which.before}::bigint is null or id < ${which.before}::bigint)
      and (${which.actor}::text is null or actor = ${which.actor}::text)
      and (${which.action}::text is null or starts_with(action, ${which.action}::text))
    order by id desc limit ${which.most}`;
}

/** Everyone who stands in the log. */
export async function listAuditActors(sql: Sql): Promise<string[]> {
  const rows = await sql<{ actor: string }>`select distinct actor from audit_log order by actor limit 200`;
  return rows.map(({ actor }) => actor);
}
