import type { Health } from '../../contract/health.ts';
import { toIsoOrNull } from '../../contract/units.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Database } from '../../ports/sql.ts';
import { readPulse, type Pulse } from '../../store/health.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now' | 'sleep'>;
  log: Pick<Log, 'error'>;
  settings: { metricsMs: number };
}

const unreadable: Health = {
  status: 'stale',
  last_fb_sync: null,
  accounts_monitored: null,
  success_rate: null,
};

/** A database that hangs must not make the monitor wait for its own time-out. */
const patienceMs = 5_000;
const longestDueMs = 120_000;

/** Whether figures are fresh and messages leave the house. Never throws: a database that does not answer is `stale`. */
export async function readHealth(deps: Deps): Promise<Health> {
  const answered = new AbortController();
  const reading = read(deps).catch((error: unknown) => {
    deps.log.error('health unreadable', { error: String(error) });
    return unreadable;
  });
  const silence = deps.clock.sleep(patienceMs, answered.signal).then(() => unreadable);
  const health = await Promise.race([reading, silence]);
  answered.abort();
  return health;
}

async function read(deps: Deps): Promise<Health> {
  const pulse = await readPulse(deps.database.sql);
  const at = await deps.clock.now();
  return {
    status: statusOf(pulse, at, deps.settings.metricsMs),
    last_fb_sync: toIsoOrNull(pulse.synced_at),
    accounts_monitored: pulse.accounts,
    success_rate: pulse.attempted ? (pulse.succeeded ?? 0) / pulse.attempted : null,
  };
}

function statusOf(pulse: Pulse, at: number, metricsMs: number): Health['status'] {
  if (pulse.synced_at === null) return 'starting';
  // A sign of life from far in the future was given by a clock that was ahead.
  const isOld = Math.abs(at - pulse.synced_at) > 2 * metricsMs;
  const isUnsent = pulse.oldest_due_at !== null && at - pulse.oldest_due_at > longestDueMs;
  return isOld || isUnsent ? 'stale' : 'ok';
}
