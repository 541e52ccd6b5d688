import type { ConnectionView } from '../../contract/admin.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Database } from '../../ports/sql.ts';
import { listConnections, listCoverage } from '../../store/connections.ts';
import { listTokens } from '../../store/connection-tokens.ts';
import { mustBeAllowed } from '../refusal.ts';

/** All ways into Meta: how they stand, what they reach, when their tokens end. Throws `Refused`. */
export async function readConnections(
  { database: { sql } }: { database: Pick<Database, 'sql'> },
  actor: Actor,
): Promise<ConnectionView[]> {
  mustBeAllowed(actor, 'connections:change');
  const [connections, coverage, tokens] = await Promise.all([
    listConnections(sql),
    listCoverage(sql),
    listTokens(sql),
  ]);
  return connections.map(({ id, name, kind, state, stateReason, retryAt, businessIds, accounts }) => {
    const reach = coverage.find(({ connectionId }) => connectionId === id);
    const token = tokens.find(({ connectionId }) => connectionId === id);
    return {
      ...{ id, name, kind, state, stateReason, retryAt, businessIds, accounts },
      found: reach?.found ?? 0,
      readable: reach?.readable ?? 0,
      monitored: reach?.monitored ?? 0,
      token: token === undefined ? null : tokenOf(token),
    };
  });
}

/** What may be shown of a token: everything but itself. */
function tokenOf(row: Awaited<ReturnType<typeof listTokens>>[number]): ConnectionView['token'] {
  const { kind, expiresAt, dataAccessExpiresAt, checkedAt, renewedAt, renewalFailed } = row;
  return { kind, expiresAt, dataAccessExpiresAt, checkedAt, renewedAt, renewalFailed };
}
