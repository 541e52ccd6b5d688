import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { deleteHeard } from '../../store/hints.ts';

/** Meta repeats a delivery for hours at the most; a change that comes again after this would cost one read. */
const rememberedMs = 7 * 86_400_000;

/** Forgets pushes and hints that nobody will ask for any more. */
export async function forgetHeard(deps: {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
}): Promise<void> {
  await deleteHeard(deps.database.sql, (await deps.clock.now()) - rememberedMs);
}
