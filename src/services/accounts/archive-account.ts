import type { AccountId } from '../../domain/account.ts';
import { conditionKinds } from '../../domain/conditions.ts';
import type { Actor } from '../../domain/permissions.ts';
import { alertKinds } from '../../domain/rules.ts';
import { leaveAlerts } from '../../store/alerts.ts';
import {
  archiveAccount as writeArchived,
  lockFleet,
  restoreAccount as writeRestored,
} from '../../store/fleet.ts';
import { announceChanged } from '../../store/live.ts';
import { insertAudit } from '../../store/members.ts';
import type { ActDeps } from '../alerts/acts.ts';
import { resolveAlert } from '../alerts/resolve-alert.ts';
import { mustBeAllowed } from '../refusal.ts';

/** What holds until its figures are read again ends by itself with the next judgement. */
const endedHere = alertKinds.filter((kind) => !(conditionKinds as readonly string[]).includes(kind));

/**
 * Takes an account off the board: nothing of it is read and nobody is woken by it any more; what is known of it stays. Answers
 * what cannot be done, or null. Throws `Refused`.
 */
export async function archiveAccount(
  deps: ActDeps,
  actor: Actor,
  accountId: AccountId,
): Promise<string | null> {
  mustBeAllowed(actor, 'accounts:change');
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const [account] = await lockFleet(sql, [accountId]);
    if (account === undefined) return `There is no account ${accountId}.`;
    if (!(await writeArchived(sql, accountId, actor.name, at))) return 'It is archived already.';
    const { over } = await leaveAlerts(sql, account.no, endedHere, at);
    const words = {
      title: `${accountId}: archived`,
      body: `${actor.name} has archived this account. Nothing of it is read any more.`,
      fields: [],
    };
    // People know, for one of them did it; receivers that keep each alert as a thing of its own must see it end.
    for (const alertId of over) await resolveAlert(sql, alertId, at, { words, isOfMany: true });
    await insertAudit(sql, { at, actor: actor.name, action: 'account.archived', detail: { accountId } });
    await announceChanged(sql, [accountId]);
    return null;
  });
}

/** Brings an archived account back: it is read again from the next sweep on. Answers what cannot be done, or null. Throws `Refused`. */
export async function restoreAccount(
  deps: ActDeps,
  actor: Actor,
  accountId: AccountId,
): Promise<string | null> {
  mustBeAllowed(actor, 'accounts:change');
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const [account] = await lockFleet(sql, [accountId]);
    if (account === undefined) return `There is no account ${accountId}.`;
    if (!account.isArchived) return 'It is not archived.';
    if (!(await writeRestored(sql, accountId, at)))
      return 'No connection reaches it any more: add one that does, and it is found by itself.';
    await insertAudit(sql, { at, actor: actor.name, action: 'account.restored', detail: { accountId } });
    await announceChanged(sql, [accountId]);
    return null;
  });
}
