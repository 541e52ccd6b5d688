import { metaAccountSource } from '../../src/adapters/meta/account-source.ts';
import { connectDatabase } from '../../src/adapters/database/connect.ts';
import { parseConfig } from '../../src/server/config.ts';
import { buildHouse } from '../../src/server/house.ts';
import { readFigures, runDaily } from '../../src/server/triggers.ts';
import { sweepStatus } from '../../src/services/poll/sweep-status.ts';
import { ManualClock } from '../manual-clock.ts';
import { dice } from '../dice.ts';

/**
 * A process that reads a simulated world for days, as fast as it can, and says at the end of each day what it holds in memory
 * once the rubbish is out, how long its cycles took and how many readings it stored. Needs --expose-gc.
 */
export interface SoakDay {
  day: number;
  heapMb: number;
  p95Ms: number;
  cycles: number;
  sweeps: number;
  read: number;
}

const { DATABASE_URL = '', META_GRAPH_URL = '', START_AT = '0', DAYS = '3', SEED = '1' } = process.env;
const dayMs = 24 * 60 * 60_000;
const startAt = Number(START_AT);
const config = parseConfig(process.env, false);
const database = connectDatabase({ to: DATABASE_URL, applicationName: 'soak' });
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const clock = new ManualClock(startAt);
const source = metaAccountSource(
  {
    ...{ baseUrl: META_GRAPH_URL, version: 'v26.0', token: 'soak', appSecret: null },
    ...{ requestTimeoutMs: 500, requestsPerMinute: 100_000 },
  },
  { concurrency: 16, random: dice(Number(SEED)).roll, sleep: async () => {} },
  () => clock.monotonicMs(),
);
const deps = { ...buildHouse(config, database, silent, null), clock, sourceOf: async () => source };

async function moveTo(now: number): Promise<void> {
  clock.advance(now - (await clock.now()));
  const body = JSON.stringify({ now });
  const response = await fetch(`${META_GRAPH_URL}/__sim/clock`, { method: 'POST', body });
  await response.text();
}

function heapMb(): number {
  // The second round takes what the first one's finalizers have let go.
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

for (let day = 0; day < Number(DAYS); day++) {
  const took: number[] = [];
  const counts = { cycles: 0, sweeps: 0, read: 0 };
  for (let at = startAt + day * dayMs; at < startAt + (day + 1) * dayMs; at += config.metricsMs) {
    await moveTo(at);
    if ((await sweepStatus(deps)).outcome === 'ran') counts.sweeps += 1;
    const startedMs = performance.now();
    const outcome = await readFigures(deps);
    took.push(performance.now() - startedMs);
    if (outcome.outcome === 'ran') {
      counts.cycles += 1;
      counts.read += outcome.report.succeeded;
    }
    await runDaily(deps);
  }
  // Timers of the last cycles' deadlines are still wound up in this compressed time; one turn lets finished work go.
  await new Promise((resolve) => setImmediate(resolve));
  const p95Ms = took.sort((a, b) => a - b)[Math.floor(took.length * 0.95)] ?? NaN;
  const told: SoakDay = { day, heapMb: heapMb(), p95Ms, ...counts };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}
process.exit(0);
