import { accountCursor, type AccountList, type AccountsQuery } from '../../contract/account.ts';
import { writeCursor } from '../../contract/parameters.ts';
import { toIso } from '../../contract/units.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { readCards } from '../../store/cards.ts';
import { mustBeAllowed } from '../refusal.ts';
import { accountOf } from './read-account.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
}

/** One page of the accounts that fit the query, sorted by id. Throws `Refused`. */
export async function listAccounts(deps: Deps, actor: Actor, query: AccountsQuery): Promise<AccountList> {
  mustBeAllowed(actor, 'accounts:read');
  const at = await deps.clock.now();
  // One more than asked for tells whether there is another page.
  const rows = await readCards(deps.database.sql, at, {
    vendor: query.vendor,
    connection: query.connection,
    state: query.state,
    words: query.q,
    after: query.cursor,
    limit: query.limit + 1,
    withArchived: query.state === 'archived',
  });
  const page = rows.slice(0, query.limit);
  const last = rows.length > page.length ? page.at(-1) : undefined;
  return {
    data: page.map(accountOf),
    next_cursor: last === undefined ? null : writeCursor(accountCursor, last.account_id),
    as_of: toIso(at),
  };
}
