import { pollMetrics } from '../src/services/poll/poll-metrics.ts';
import { sweepStatus } from '../src/services/poll/sweep-status.ts';
import { benchDatabase, benchHouse, median, startServer } from './bench-house.ts';
import { plainFetch } from './plain-fetch.ts';
import type { Row } from './row.ts';

const batchMs = 600;
const singleMs = 300;
const batchSize = 50;
const atOnce = 8;
const runs = 5;

/** Wall time and CPU of a metrics cycle, database write included, against the time that the stand-in's latency alone takes. */
export async function benchCycle(accounts: number): Promise<Row[]> {
  const standIn = await startServer('bench/stand-in.ts', [
    ...['--accounts', String(accounts)],
    ...['--single-ms', String(singleMs)],
    ...['--batch-ms', String(batchMs)],
  ]);
  const { database, stop } = await benchDatabase();
  try {
    const { deps, moveOn } = await benchHouse(standIn.url, database);
    await sweepStatus(deps);
    // The first cycle also reads ads, limits and history; the ones after it are the everyday ones.
    await pollMetrics(deps);
    const [walls, cpus, plain]: [number[], number[], number[]] = [[], [], []];
    let counted = 0;
    for (let run = 0; run < runs; run++) {
      moveOn(5000);
      const cpu = process.cpuUsage();
      const startedAt = performance.now();
      const outcome = await pollMetrics(deps);
      walls.push(performance.now() - startedAt);
      const used = process.cpuUsage(cpu);
      cpus.push((used.user + used.system) / 1000);
      if (outcome.outcome !== 'ran' || outcome.report.succeeded !== accounts)
        throw new Error('a cycle was not whole');
      counted = outcome.report.countedCalls;
      plain.push(await plainFetch(standIn.url, accounts, atOnce));
    }
    const limitMs = Math.ceil(Math.ceil(accounts / batchSize) / atOnce) * batchMs;
    return [
      {
        name: `cycle wall, ${accounts} accounts`,
        value: median(walls),
        unit: 'ms',
        baseline: limitMs,
        baselineName: 'latency x waves',
      },
      {
        name: `cycle wall, ${accounts} accounts, against bare fetch`,
        value: median(walls),
        unit: 'ms',
        baseline: median(plain),
        baselineName: 'the same batches by fetch, parsed, nothing stored',
      },
      {
        name: `cycle CPU per account, ${accounts} accounts`,
        value: median(cpus) / accounts,
        unit: 'ms',
        baseline: null,
        baselineName: null,
      },
      {
        name: `counted calls per account and cycle, ${accounts} accounts`,
        value: counted / accounts,
        unit: 'calls',
        baseline: 1,
        baselineName: 'one insights read',
      },
    ];
  } finally {
    await stop();
    await standIn.stop();
  }
}
