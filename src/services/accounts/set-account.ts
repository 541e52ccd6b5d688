import type { AccountId } from '../../domain/account.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { ActDeps } from '../alerts/acts.ts';
import { mustBeAllowed } from '../refusal.ts';
import { type AccountWish, fulfilWish } from './account-wish.ts';

/**
 * Assigns an account to a vendor, enters the daily limit that the vendor promised, gives it tags. Answers what cannot be done,
 * or null. Throws `Refused`.
 */
export async function setAccount(
  deps: ActDeps,
  actor: Actor,
  accountId: AccountId,
  wish: AccountWish,
): Promise<string | null> {
  mustBeAllowed(actor, 'accounts:change');
  const at = await deps.clock.now();
  return deps.database.transaction((sql) => fulfilWish(sql, { actor, at }, accountId, wish));
}
