import { readHinted, type HintDeps } from '../services/hints/read-hinted.ts';
import { hintChannel } from '../store/hints.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Database } from '../ports/sql.ts';

interface Deps extends HintDeps {
  database: Pick<Database, 'sql' | 'listen'>;
  clock: Pick<Clock, 'now' | 'sleep'>;
  log: Log;
}

const longestPauseMs = 60_000;

/**
 * Reads hinted accounts as soon as any process has heard of them. Behind a pooler that passes no notifications it looks once
 * a minute. Resolves once it listens; the returned function stops it and waits for a reading in flight.
 */
export async function startHintReader(deps: Deps): Promise<() => Promise<void>> {
  const { database, clock, log } = deps;
  const stopping = new AbortController();
  let sleeping = new AbortController();
  const wake = (): void => sleeping.abort();
  const unlisten = await database.listen(hintChannel, wake, wake);

  async function read(): Promise<void> {
    while (!stopping.signal.aborted) {
      // Made before the reading: woken while it reads, it goes round at once.
      sleeping = new AbortController();
      let waitMs = longestPauseMs / 4;
      try {
        const { nextDueAt } = await readHinted(deps);
        waitMs = nextDueAt === null ? longestPauseMs : nextDueAt - (await clock.now());
      } catch (error) {
        log.error('hints not read', { error: String(error) });
      }
      const pauseMs = Math.min(longestPauseMs, Math.max(250, waitMs));
      await clock.sleep(pauseMs, AbortSignal.any([stopping.signal, sleeping.signal]));
    }
  }
  const ended = read();
  return async () => {
    stopping.abort();
    await Promise.all([unlisten(), ended]);
  };
}
