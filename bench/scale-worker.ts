import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { connectDatabase } from '../src/adapters/database/connect.ts';
import { parseConfig } from '../src/server/config.ts';
import { buildHouse } from '../src/server/house.ts';
import { pollMetrics } from '../src/services/poll/poll-metrics.ts';
import { sweepStatus } from '../src/services/poll/sweep-status.ts';
import { plainFetch } from './plain-fetch.ts';

/**
 * One worker process of the product that does what its standard input says, a line each: `sweep <instant>`, `metrics <instant>`
 * or `fetch <accounts> <in flight>`; answers with a line of JSON. Only what it does itself is in its CPU and memory.
 */
export interface WorkerFigures {
  wallMs: number;
  cpuMs: number;
  /** Highest resident memory of the process so far, MB; NaN where the system does not tell. */
  peakMb: number;
  succeeded: number;
  countedCalls: number;
}

const { DATABASE_URL = '', META_GRAPH_URL = '' } = process.env;
const config = parseConfig(process.env, false);
const database = connectDatabase({ to: DATABASE_URL, applicationName: 'bench worker' });
const silent = { info: () => {}, warn: () => {}, error: () => {} };
const house = buildHouse(config, database, silent, null);
let since = { at: 0, ms: 0 };
const deps = {
  ...house,
  clock: { ...house.clock, now: async () => Math.round(since.at + performance.now() - since.ms) },
};

async function run(what: string, number: number, inFlight: number): Promise<WorkerFigures> {
  since = { at: number, ms: performance.now() };
  const cpu = process.cpuUsage();
  const startedMs = performance.now();
  let counted = { succeeded: 0, countedCalls: 0 };
  if (what === 'fetch') await plainFetch(META_GRAPH_URL, number, inFlight);
  else {
    const outcome = await (what === 'sweep' ? sweepStatus(deps) : pollMetrics(deps));
    if (outcome.outcome === 'ran') counted = outcome.report;
  }
  const wallMs = performance.now() - startedMs;
  const used = process.cpuUsage(cpu);
  const { succeeded, countedCalls } = counted;
  return { wallMs, cpuMs: (used.user + used.system) / 1000, peakMb: peakMb(), succeeded, countedCalls };
}

function peakMb(): number {
  try {
    const kb = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return Number(kb ?? NaN) / 1024;
  } catch {
    return NaN;
  }
}

process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const [what = '', number = '0', inFlight = '1'] = line.split(' ');
  process.stdout.write(`${JSON.stringify(await run(what, Number(number), Number(inFlight)))}\n`);
}
process.exit(0);
