import type { Actor } from '../../domain/permissions.ts';
import { insertConnection } from '../../store/connections.ts';
import { insertAudit } from '../../store/members.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { storeToken } from './store-token.ts';
import { vetToken } from './vet-token.ts';

/** A connection as an operator wishes it. */
export interface NewConnection {
  name: string;
  /** Business Managers whose own lists are read too. */
  businessIds: string[];
  token: string;
}

/**
 * Adds a connection with its token, which is looked at first. `unchecked` in the answer says why that was not possible.
 * Throws `Refused`.
 */
export async function addConnection(
  deps: ConnectionsDeps,
  actor: Actor,
  given: NewConnection,
  signal: AbortSignal,
): Promise<Wish<{ id: number; unchecked: string | null }>> {
  mustBeAllowed(actor, 'connections:change');
  const { name, businessIds } = given;
  const wrong = businessIds.find((id) => !/^[0-9]{1,25}$/.test(id));
  if (wrong !== undefined)
    return { isDone: false, problem: `"${wrong}" is no Business Manager id: it has digits only.` };
  if (!/^[^\p{C}\s](?:[^\p{C}]{0,58}[^\p{C}\s])?$/u.test(name))
    return { isDone: false, problem: 'A name has 1 to 60 characters, none of them invisible.' };
  const vetted = await vetToken(deps.tokenOffice, given.token, signal);
  if (!vetted.isDone) return vetted;
  const { token, facts, unchecked } = vetted.value;
  const at = await deps.clock.now();
  const id = await deps.database.transaction(async (sql) => {
    const added = await insertConnection(sql, { name, businessIds, at });
    if (added === null) return null;
    await storeToken(sql, deps.sealer, { connectionId: added, token, fromSettings: null, facts, at });
    const detail = { name, businessIds };
    await insertAudit(sql, { at, actor: actor.name, action: 'connection.added', detail });
    return added;
  });
  return id === null
    ? {
        isDone: false,
        problem: `There is a connection "${name}" already; to give it another token, replace it.`,
      }
    : { isDone: true, value: { id, unchecked } };
}
