import type { SystemView } from '../../contract/admin.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { countDeliveries, readDatabaseSize } from '../../store/system.ts';
import { mustBeAllowed } from '../refusal.ts';
import { readCollecting } from './read-collecting.ts';

const weekMs = 7 * 86_400_000;

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
  config: { meta: { version: string } };
}

/** How the product itself does: its cycles, its messages, its database. Throws `Refused`. */
export async function readSystem(deps: Deps, actor: Actor): Promise<SystemView> {
  mustBeAllowed(actor, 'connections:change');
  const { sql } = deps.database;
  const at = await deps.clock.now();
  const [{ data }, deliveries, database] = await Promise.all([
    readCollecting(deps, actor),
    countDeliveries(sql, at - weekMs),
    readDatabaseSize(sql),
  ]);
  return { collecting: data, deliveries, database, metaVersion: deps.config.meta.version };
}
