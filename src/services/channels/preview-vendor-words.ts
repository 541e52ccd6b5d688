import { parseAccountId } from '../../domain/account.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { readCards } from '../../store/cards.ts';
import { cardOf } from '../accounts/read-board.ts';
import { reportOf } from '../alerts/vendor-words.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';

/** What a vendor's own channel would be told, were this account suspended now. Throws `Refused`. */
export async function previewVendorWords(
  { database, clock }: { database: Pick<Database, 'sql'>; clock: Pick<Clock, 'now'> },
  actor: Actor,
  account: string,
): Promise<Wish<string>> {
  mustBeAllowed(actor, 'channels:change');
  const id = parseAccountId(account);
  if (id === null) return { isDone: false, problem: 'Name the account, like act_1234567890.' };
  const rows = await readCards(database.sql, await clock.now(), { accountIds: [id], withArchived: true });
  const [card] = rows.map(cardOf);
  if (card === undefined) return { isDone: false, problem: `There is no account ${id}.` };
  return { isDone: true, value: reportOf({ ...card, state: 'suspended' }) };
}
