import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Sealer } from '../../ports/sealer.ts';
import type { Database } from '../../ports/sql.ts';
import type { TokenOffice } from '../../ports/token-office.ts';

/** What the verbs about connections and their tokens need. */
export interface ConnectionsDeps {
  database: Pick<Database, 'sql' | 'transaction'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  sealer: Sealer;
  tokenOffice: TokenOffice;
}

/** Whom the audit log names for what the product does by itself. */
export const itself = 'arbhub';
