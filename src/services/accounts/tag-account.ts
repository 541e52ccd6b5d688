import { tagsForm } from '../../contract/account-words.ts';
import type { Actor } from '../../domain/permissions.ts';
import { findAccountNo, replaceTags } from '../../store/account-words.ts';
import { announceChanged } from '../../store/live.ts';
import { insertAudit } from '../../store/members.ts';
import { type Act, type ActDeps, done, notDone } from '../alerts/acts.ts';
import { mustBeAllowed } from '../refusal.ts';

/** Gives an account these tags and no others; `tags` is a list, or one text with commas. Throws `Refused`. */
export async function tagAccount(
  deps: ActDeps,
  actor: Actor,
  given: { account: string; tags: string | readonly string[] },
): Promise<Act> {
  mustBeAllowed(actor, 'notes:write');
  const wish = tagsForm.safeParse(given);
  if (!wish.success) return notDone(wish.error.issues[0]?.message ?? 'This cannot be read.');
  const { account: accountId, tags } = wish.data;
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const accountNo = await findAccountNo(sql, accountId);
    if (accountNo === null) return notDone(`There is no account ${accountId}.`);
    if (!(await replaceTags(sql, accountNo, tags))) return done;
    const detail = { accountId, tags };
    await insertAudit(sql, { at, actor: actor.name, action: 'account.tagged', detail });
    await announceChanged(sql, [accountId]);
    return done;
  });
}
