import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { countOpenAlerts } from '../../store/alert-lists.ts';
import { readCheckedAt } from '../../store/health.ts';
import { countFleet } from '../../store/operator.ts';
import { mustBeAllowed } from '../refusal.ts';

/** What stands around every page of the house. Instants are epoch ms. */
export interface Surroundings {
  now: number;
  /** When the last check of all accounts ended. */
  checkedAt: number | null;
  sweepMs: number;
  /** For the mark beside "Alerts". */
  openAlerts: number;
  fleet: { accounts: number; simulated: number };
}

/** Reads what stands around every page. Throws `Refused`. */
export async function readSurroundings(
  deps: {
    database: Pick<Database, 'sql'>;
    clock: Pick<Clock, 'now'>;
    settings: { sweepMs: number };
  },
  actor: Actor,
): Promise<Surroundings> {
  mustBeAllowed(actor, 'alerts:read');
  const { sql } = deps.database;
  return {
    now: await deps.clock.now(),
    checkedAt: await readCheckedAt(sql),
    sweepMs: deps.settings.sweepMs,
    openAlerts: await countOpenAlerts(sql),
    fleet: await countFleet(sql),
  };
}
