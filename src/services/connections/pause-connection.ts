import type { Actor } from '../../domain/permissions.ts';
import { lockConnection, writePaused } from '../../store/connections.ts';
import { insertAudit } from '../../store/members.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import { endTokenAlerts } from './connection-alerts.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { checkTokenNow } from './check-tokens.ts';
import { noSuchConnection } from './no-such-connection.ts';

/** Stops reading through a connection till it is resumed; its accounts stay, with the age of their figures. Throws `Refused`. */
export function pauseConnection(
  deps: Pick<ConnectionsDeps, 'database' | 'clock'>,
  actor: Actor,
  name: string,
): Promise<Wish<{ id: number }>> {
  return setPaused(deps, actor, name, true);
}

/**
 * Reads through a connection again, from the next cycle on; also one that had stopped by itself. Its token is looked at first
 * thing. Throws `Refused`.
 */
export async function resumeConnection(
  deps: ConnectionsDeps,
  actor: Actor,
  name: string,
  signal: AbortSignal,
): Promise<Wish<{ id: number }>> {
  const resumed = await setPaused(deps, actor, name, false);
  if (resumed.isDone) await checkTokenNow(deps, resumed.value.id, signal);
  return resumed;
}

async function setPaused(
  deps: Pick<ConnectionsDeps, 'database' | 'clock'>,
  actor: Actor,
  name: string,
  isPaused: boolean,
): Promise<Wish<{ id: number }>> {
  mustBeAllowed(actor, 'connections:change');
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const connection = await lockConnection(sql, { name });
    if (connection === null) return noSuchConnection(null, name);
    if (!isPaused && connection.state === 'token_dead')
      return {
        isDone: false,
        problem: `Meta refuses the token of "${name}"; give it a new one with: connection replace "${name}"`,
      };
    const { id, state } = connection;
    if (isPaused ? state === 'paused' : state === 'ok') return { isDone: true, value: { id } };
    await writePaused(sql, id, isPaused, at);
    await endTokenAlerts(sql, id, at);
    const action = isPaused ? 'connection.paused' : 'connection.resumed';
    await insertAudit(sql, { at, actor: actor.name, action, detail: { name } });
    return { isDone: true, value: { id } };
  });
}
