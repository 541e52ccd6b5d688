import type { Actor } from '../../domain/permissions.ts';
import { findConnection, lockConnection, setConnectionState } from '../../store/connections.ts';
import { insertAudit } from '../../store/members.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import { endTokenAlerts } from './connection-alerts.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { noSuchConnection } from './no-such-connection.ts';
import { storeToken } from './store-token.ts';
import { vetToken } from './vet-token.ts';

/**
 * Gives a connection another token, which is looked at first; every process reads with it from its next cycle on. A paused
 * connection stays paused. Throws `Refused`.
 */
export async function replaceToken(
  deps: ConnectionsDeps,
  actor: Actor,
  given: { name: string; token: string },
  signal: AbortSignal,
): Promise<Wish<{ unchecked: string | null }>> {
  mustBeAllowed(actor, 'connections:change');
  const { name } = given;
  const found = await findConnection(deps.database.sql, { name });
  if (found === null || found.kind === 'simulation') return noSuchConnection(found, name);
  const vetted = await vetToken(deps.tokenOffice, given.token, signal);
  if (!vetted.isDone) return vetted;
  const { token, facts, unchecked } = vetted.value;
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const connection = await lockConnection(sql, { name });
    if (connection === null) return noSuchConnection(null, name);
    const { id } = connection;
    await storeToken(sql, deps.sealer, { connectionId: id, token, fromSettings: null, facts, at });
    await setConnectionState(sql, id, 'ok', null, at);
    await endTokenAlerts(sql, id, at);
    await insertAudit(sql, {
      at,
      actor: actor.name,
      action: 'connection.token_replaced',
      detail: { name, isChecked: unchecked === null },
    });
    return { isDone: true, value: { unchecked } };
  });
}
