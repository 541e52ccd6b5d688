import { createHash } from 'node:crypto';
import { ensureConnection, lockConnection, setConnectionState } from '../../store/connections.ts';
import { findToken } from '../../store/connection-tokens.ts';
import { insertAudit } from '../../store/members.ts';
import { endTokenAlerts } from './connection-alerts.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { openToken, storeToken } from './store-token.ts';

/** The connection that the settings bring along. */
export const settingsConnection = 'default';

/**
 * Puts the token of the settings into the books. One that the product or an operator has put in its place since wins, until
 * the settings bring another; or until it does not open any more.
 */
export async function takeSettingsToken(
  deps: Pick<ConnectionsDeps, 'database' | 'clock' | 'sealer'>,
  token: string,
): Promise<void> {
  const fromSettings = new Uint8Array(createHash('sha256').update(token).digest());
  const at = await deps.clock.now();
  await deps.database.transaction(async (sql) => {
    await ensureConnection(sql, settingsConnection, 'meta');
    const connection = await lockConnection(sql, { name: settingsConnection });
    if (connection === null) return;
    const stored = await findToken(sql, connection.id);
    const isTaken =
      stored?.fromSettings != null &&
      Buffer.compare(stored.fromSettings, fromSettings) === 0 &&
      openToken(deps.sealer, stored).ok;
    if (isTaken) return;
    await storeToken(sql, deps.sealer, {
      connectionId: connection.id,
      token,
      fromSettings,
      facts: null,
      at,
    });
    await setConnectionState(sql, connection.id, 'ok', null, at);
    if (stored !== null) await endTokenAlerts(sql, connection.id, at);
    const detail = { name: settingsConnection };
    await insertAudit(sql, { at, actor: 'settings', action: 'connection.token_taken', detail });
  });
}
