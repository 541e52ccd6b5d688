import type { AccountId } from '../../domain/account.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Database } from '../../ports/sql.ts';
import { findNextHint, giveBackHints, takeHints } from '../../store/hints.ts';

/** Reads the status of single accounts from Meta and records what Meta says. Throws when it could not even be tried. */
export type ReadNow = (accountIds: AccountId[]) => Promise<void>;

export interface HintDeps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
  log: Pick<Log, 'info' | 'warn'>;
  readNow: ReadNow;
}

/** What a run did; `nextDueAt` (epoch ms) is when to run again, null when nothing waits. */
export interface HintReport {
  read: number;
  nextDueAt: number | null;
}

/** One batch. */
const mostAtOnce = 50;
/** The regular sweep comes within a minute; between two looks at one account this is enough. */
const restMs = 15_000;

/**
 * Reads the accounts that are hinted at, until none is due. Runs may overlap, in one process or many. A reading that fails
 * makes its hints due again; a crash in between loses the hint, and the regular sweep sees the account all the same.
 */
export async function readHinted({ database, clock, log, readNow }: HintDeps): Promise<HintReport> {
  let read = 0;
  for (;;) {
    const at = await clock.now();
    const accountIds = await takeHints(database.sql, { at, restMs, most: mostAtOnce });
    if (accountIds.length === 0) break;
    try {
      await readNow(accountIds);
      read += accountIds.length;
    } catch (error) {
      await giveBackHints(database.sql, accountIds, at);
      log.warn('hinted accounts not read', { accounts: accountIds.length, error: String(error) });
      return { read, nextDueAt: at + restMs };
    }
  }
  if (read > 0) log.info('hinted accounts read', { accounts: read });
  return { read, nextDueAt: await findNextHint(database.sql, restMs) };
}
