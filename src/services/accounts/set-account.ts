import type { AccountId } from '../../domain/account.ts';
import { minorFromMajor } from '../../domain/money.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { announceChanged } from '../../store/live.ts';
import { assignVendor, lockAccount, writeOperatorLimit } from '../../store/operator.ts';
import { recordStandings } from '../../store/standings.ts';
import { insertAudit } from '../../store/members.ts';
import { recordTransitions } from '../../store/transitions.ts';
import { mustBeAllowed } from '../refusal.ts';

/** What an operator may say of an account. `dailyLimit` is in major units of its currency, or `none` to take the word back. */
export interface AccountWish {
  vendor?: string;
  dailyLimit?: string;
}

/**
 * Assigns an account to a vendor and enters the daily limit that the vendor promised. A limit that counts from now on is a
 * change like any other, but wakes nobody. Answers what cannot be done, or null.
 */
export async function setAccount(
  deps: { database: Database; clock: Clock },
  actor: Actor,
  accountId: AccountId,
  wish: AccountWish,
): Promise<string | null> {
  mustBeAllowed(actor, 'accounts:change');
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const account = await lockAccount(sql, accountId);
    if (account === null) return `There is no account ${accountId}.`;
    const { dailyLimit, vendor } = wish;
    const minor =
      dailyLimit === undefined || dailyLimit === 'none' ? null : minorFromMajor(dailyLimit, account.currency);
    if (dailyLimit !== undefined && dailyLimit !== 'none' && minor === null)
      return `"${dailyLimit}" is no amount in ${account.currency}; write for example 250 or 249.50, or none.`;
    // Nothing has been written so far, so a wrong wish leaves all as it was.
    if (vendor !== undefined && !(await assignVendor(sql, account.no, vendor)))
      return `There is no vendor "${vendor}"; add it with: vendor add "${vendor}"`;
    if (dailyLimit !== undefined) {
      const [from, to] = [
        account.operatorLimitMinor ?? account.metaLimitMinor,
        minor ?? account.metaLimitMinor,
      ];
      await writeOperatorLimit(sql, account.no, minor);
      await recordStandings(sql, [account.no], at);
      const change = { kind: 'daily_limit_changed', fromMinor: from, toMinor: to } as const;
      if (from !== to) await recordTransitions(sql, [{ accountNo: account.no, change }], at);
    }
    await insertAudit(sql, { at, actor: actor.name, action: 'account.set', detail: { accountId, ...wish } });
    await announceChanged(sql, [accountId]);
    return null;
  });
}
