import { adoptArchived } from '../../store/handover.ts';
import { announceChanged } from '../../store/live.ts';
import type { ConnectionsDeps } from './connections-deps.ts';

/** Brings accounts back to the board that were archived with their connection and are found by another one by now. */
export async function adoptAccounts(
  deps: Pick<ConnectionsDeps, 'database' | 'clock' | 'log'>,
): Promise<void> {
  const at = await deps.clock.now();
  await deps.database.transaction(async (sql) => {
    const accountIds = await adoptArchived(sql, at);
    if (accountIds.length === 0) return;
    await announceChanged(sql, accountIds);
    deps.log.info('accounts are back', { accounts: accountIds.length });
  });
}
