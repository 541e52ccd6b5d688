import { noteForm } from '../../contract/account-words.ts';
import type { Actor } from '../../domain/permissions.ts';
import { findAccountNo, insertNote } from '../../store/account-words.ts';
import { announceChanged } from '../../store/live.ts';
import { insertAudit } from '../../store/members.ts';
import { type Act, type ActDeps, done, notDone } from '../alerts/acts.ts';
import { mustBeAllowed } from '../refusal.ts';

/** Somebody writes a note about an account, for whoever opens its page. Throws `Refused`. */
export async function writeNote(
  deps: ActDeps,
  actor: Actor,
  given: { account: string; words: string },
): Promise<Act> {
  mustBeAllowed(actor, 'notes:write');
  const wish = noteForm.safeParse(given);
  if (!wish.success) return notDone(wish.error.issues[0]?.message ?? 'This cannot be read.');
  const { account: accountId, words } = wish.data;
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const accountNo = await findAccountNo(sql, accountId);
    if (accountNo === null) return notDone(`There is no account ${accountId}.`);
    const noteId = await insertNote(sql, { accountNo, author: actor.name, words, at });
    const detail = { accountId, noteId };
    await insertAudit(sql, { at, actor: actor.name, action: 'account.noted', detail });
    await announceChanged(sql, [accountId]);
    return done;
  });
}
