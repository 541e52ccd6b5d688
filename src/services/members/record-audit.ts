import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { insertAudit } from '../../store/members.ts';

/** Writes down what somebody did. `detail` must hold no secret. */
export async function recordAudit(
  deps: { database: Pick<Database, 'sql'>; clock: Pick<Clock, 'now'> },
  actor: Actor,
  action: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await insertAudit(deps.database.sql, { at: await deps.clock.now(), actor: actor.name, action, detail });
}
