import { once } from 'node:events';
import { connectDatabase } from '../../src/adapters/database/connect.ts';
import { parseConfig } from '../../src/server/config.ts';
import { furnish } from '../../src/server/furnish.ts';
import { buildHouse } from '../../src/server/house.ts';
import { readFigures } from '../../src/server/triggers.ts';
import { sendAlerts } from '../../src/services/alerts/send-alerts.ts';
import { sweepStatus } from '../../src/services/poll/sweep-status.ts';

/**
 * A process that sweeps, reads figures and sends as fast as it can, to be killed or stopped at any moment. It waits for one
 * line, `<start> <rounds>`: its clock begins there and runs on, and each round of cycles jumps to the next slots. At SIGTERM
 * it stops as the product does.
 */
const { DATABASE_URL = '' } = process.env;
process.stdout.write('here\n');
const [line] = (await once(process.stdin, 'data')) as [Buffer];
const [startAt = 0, rounds = Infinity] = String(line).split(' ').map(Number);
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const config = parseConfig(process.env, false);
const database = connectDatabase({ to: DATABASE_URL, applicationName: 'worker' });
const house = buildHouse(config, database, silent, null);
const startedMs = performance.now();
let aheadMs = 0;
const now = () => Math.round(startAt + aheadMs + performance.now() - startedMs);
const stopping = new AbortController();
const { signal } = stopping;
const clock = { ...house.clock, now: () => Promise.resolve(now()) };
const deps = { ...house, clock, stopSignal: signal };
process.on('SIGTERM', () => stopping.abort());

/** Reads without waiting for the sender, as the scheduler does. */
async function read(): Promise<void> {
  for (let round = 0; round < rounds && !signal.aborted; round++) {
    await sweepStatus(deps);
    await readFigures(deps);
    aheadMs += Math.max(config.sweepMs, config.metricsMs);
    process.stdout.write(`${now()}\n`);
  }
}

async function send(isReading: () => boolean): Promise<void> {
  do {
    await sendAlerts(deps, { signal });
    await new Promise((resolve) => setTimeout(resolve, 10));
  } while (isReading());
  if (!signal.aborted) await sendAlerts(deps, { signal });
}

await furnish(deps);
process.stdout.write('ready\n');
let isReading = true;
await Promise.all([read().finally(() => (isReading = false)), send(() => isReading)]);
await database.close();
process.exit(0);
