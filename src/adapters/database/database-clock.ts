import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';

/** Time as the database tells it, so that all processes on one database agree. */
export function databaseClock(database: Pick<Database, 'sql'>): Clock {
  return {
    async now() {
      const [row] = await database.sql<{ now: number }>`select clock_timestamp() as now`;
      if (!row) throw new Error('The database did not tell the time.');
      return row.now;
    },
    monotonicMs: () => performance.now(),
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const wake = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        signal?.addEventListener('abort', wake, { once: true });
      }),
  };
}
