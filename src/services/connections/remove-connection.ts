import type { Actor } from '../../domain/permissions.ts';
import { lockConnection, writeRemoved } from '../../store/connections.ts';
import { deleteToken } from '../../store/connection-tokens.ts';
import { archiveAccountsOf, handOverAccounts } from '../../store/handover.ts';
import { announceChanged } from '../../store/live.ts';
import { insertAudit } from '../../store/members.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import { endTokenAlerts } from './connection-alerts.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { noSuchConnection } from './no-such-connection.ts';

/**
 * Ends a connection and deletes its token. What another connection can read is read by that one from now on; the other
 * accounts are archived, with all that is known of them, until a connection finds them again. Throws `Refused`.
 */
export async function removeConnection(
  deps: Pick<ConnectionsDeps, 'database' | 'clock'>,
  actor: Actor,
  name: string,
): Promise<Wish<{ handedOver: number; archived: number }>> {
  mustBeAllowed(actor, 'connections:change');
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const connection = await lockConnection(sql, { name });
    if (connection === null || connection.kind === 'simulation') return noSuchConnection(connection, name);
    await deleteToken(sql, connection.id);
    await writeRemoved(sql, connection.id, at);
    const heirs = await handOverAccounts(sql, connection.id);
    const archived = await archiveAccountsOf(sql, connection.id, at);
    await endTokenAlerts(sql, connection.id, at);
    const counts = { handedOver: heirs.length, archived: archived.length };
    await insertAudit(sql, {
      at,
      actor: actor.name,
      action: 'connection.removed',
      detail: { name, ...counts },
    });
    await announceChanged(sql, [...heirs, ...archived]);
    return { isDone: true, value: counts };
  });
}
