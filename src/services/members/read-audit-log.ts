import type { AuditAsk, AuditView } from '../../contract/admin.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Database } from '../../ports/sql.ts';
import { listAuditActors, listAuditRows, type AuditRow } from '../../store/audit-log.ts';
import { mustBeAllowed } from '../refusal.ts';

const pageSize = 100;

/** A page of the audit log, newest first; `older` leads to the next one. Throws `Refused`. */
export async function readAuditLog(
  { database: { sql } }: { database: Pick<Database, 'sql'> },
  actor: Actor,
  ask: AuditAsk,
): Promise<{ lines: AuditView[]; actors: string[]; older: number | null }> {
  mustBeAllowed(actor, 'members:change');
  const rows = await listAuditRows(sql, { ...ask, most: pageSize + 1 });
  const shown = rows.slice(0, pageSize);
  return {
    lines: shown.map(lineOf),
    actors: await listAuditActors(sql),
    older: rows.length > pageSize ? (shown.at(-1)?.id ?? null) : null,
  };
}

function lineOf({ detail, ...row }: AuditRow): AuditView {
  const facts = Object.entries(detail).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }));
  return { ...row, facts };
}
