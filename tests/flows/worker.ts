import { connectDatabase } from '../../src/adapters/database/connect.ts';
import { parseConfig } from '../../src/server/config.ts';
import { furnish } from '../../src/server/furnish.ts';
import { buildHouse } from '../../src/server/house.ts';
import { readFigures } from '../../src/server/triggers.ts';
import { deliverDue } from '../../src/services/alerts/deliver-due.ts';
import { sweepStatus } from '../../src/services/poll/sweep-status.ts';

/**
 * A process that sweeps, reads figures and sends as fast as it can, to be killed at any moment. Its clock begins where the
 * test says and runs on; each round of cycles jumps to the next slots.
 */
const { DATABASE_URL = '', START_AT = '0', ROUNDS = 'Infinity' } = process.env;
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const config = parseConfig(process.env, false);
const database = connectDatabase({ to: DATABASE_URL, applicationName: 'worker' });
const house = buildHouse(config, database, silent, null);
const startedMs = performance.now();
let aheadMs = 0;
const now = () => Math.round(Number(START_AT) + aheadMs + performance.now() - startedMs);
const deps = { ...house, clock: { ...house.clock, now: () => Promise.resolve(now()) } };

/** Reads without waiting for the sender, as the scheduler does. */
async function read(): Promise<void> {
  for (let round = 0; round < Number(ROUNDS); round++) {
    await sweepStatus(deps);
    await readFigures(deps);
    aheadMs += Math.max(config.sweepMs, config.metricsMs);
    process.stdout.write(`${now()}\n`);
  }
}

async function send(isReading: () => boolean): Promise<void> {
  do {
    await deliverDue(deps);
    await new Promise((resolve) => setTimeout(resolve, 10));
  } while (isReading());
  await deliverDue(deps);
}

await furnish(deps);
process.stdout.write('ready\n');
let isReading = true;
await Promise.all([read().finally(() => (isReading = false)), send(() => isReading)]);
process.exit(0);
