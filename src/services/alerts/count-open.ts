import type { Actor } from '../../domain/permissions.ts';
import type { Database } from '../../ports/sql.ts';
import { countOpenAlerts } from '../../store/alert-lists.ts';
import { mustBeAllowed } from '../refusal.ts';

/** How many alerts hold that nobody has acknowledged: the mark beside "Alerts". Throws `Refused`. */
export async function countOpen(deps: { database: Pick<Database, 'sql'> }, actor: Actor): Promise<number> {
  mustBeAllowed(actor, 'alerts:read');
  return countOpenAlerts(deps.database.sql);
}
