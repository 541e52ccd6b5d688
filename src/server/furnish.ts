import { takeSettingsToken } from '../services/connections/take-settings-token.ts';
import { ensureChannel } from '../store/alerts.ts';
import { ensureConnection, ensureVendor, setSimulatedArchived } from '../store/connections.ts';
import type { Deps } from './house.ts';
import { ensurePartitions } from '../store/snapshots.ts';
import { utcDay } from '../domain/calendar.ts';

const daysAhead = 14;

/** Puts into the books what the settings bring along: connections, the simulated vendors, the first channel, partitions. */
export async function furnish(deps: Deps): Promise<void> {
  const { config, database, clock, simulation } = deps;
  const { sql } = database;
  const now = await clock.now();
  await ensurePartitions(sql, utcDay(now), daysAhead);
  if (config.meta.token !== null) await takeSettingsToken(deps, config.meta.token);
  if (simulation !== null) {
    await ensureConnection(sql, 'simulation', 'simulation');
    for (const { name, businessIds } of (await simulation.status()).vendors)
      await ensureVendor(sql, name, businessIds);
  }
  // Simulated accounts leave the board while nothing simulates them, and come back with it.
  await setSimulatedArchived(sql, simulation === null ? now : null);
  if (config.slackWebhookUrl !== null) await ensureChannel(sql, 'default', 'slack');
}
