import { takeSettingsToken } from '../services/connections/take-settings-token.ts';
import { ensureChannel } from '../store/alerts.ts';
import { ensureConnection, ensureVendor, setSimulatedArchived } from '../store/connections.ts';
import type { Deps } from './house.ts';
import { ensurePartitions } from '../store/snapshots.ts';
import { utcDay } from '../domain/calendar.ts';

const daysAhead = 14;

/** Puts into the books what the settings bring along, and the simulated vendors. */
export async function furnish(deps: Deps): Promise<void> {
  const { database, clock, simulation } = deps;
  const { sql } = database;
  await furnishFromSettings(deps);
  if (simulation !== null) {
    await ensureConnection(sql, 'simulation', 'simulation');
    for (const { name, businessIds } of (await simulation.status()).vendors)
      await ensureVendor(sql, name, businessIds);
  }
  // Simulated accounts leave the board while nothing simulates them, and come back with it.
  await setSimulatedArchived(sql, simulation === null ? await clock.now() : null);
}

/** The connection and the channel of the settings, and a place for snapshots. */
export async function furnishFromSettings(deps: Deps): Promise<void> {
  const { config, database, clock } = deps;
  await ensurePartitions(database.sql, utcDay(await clock.now()), daysAhead);
  if (config.meta.token !== null) await takeSettingsToken(deps, config.meta.token);
  if (config.slackWebhookUrl !== null) await ensureChannel(database.sql, 'default', 'slack');
}
