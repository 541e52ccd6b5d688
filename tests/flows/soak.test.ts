import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addDays, daysBetween, zoneDays } from '../../src/domain/calendar.ts';
import { isLong } from '../dice.ts';
import { flowHouse, type FlowHouse } from '../flow-house.ts';
import type { SoakDay } from './soak-worker.ts';

/** Days of reading with faults: memory, rows and the time of a cycle do not grow. */

const seed = Number(process.env['SOAK_SEED'] ?? 20_261_126);
const days = isLong ? 24 : 3;
const accounts = 100;
// In the short run a quarter of an hour passes between two cycles.
const metricsSeconds = isLong ? 300 : 900;
const startAt = Date.parse('2026-11-20T00:00:00Z');
const dayMs = 86_400_000;
const settledAfterMs = 3 * 3_600_000;
const mostGrowthMb = 1;
const mostSlower = 1.3;

let flow: FlowHouse;
const told: SoakDay[] = [];

beforeAll(async () => {
  flow = await flowHouse({ startAt, accounts });
  const rates = { error_rate: 0.04, timeout_rate: 0.001, half_open_rate: 0.002, item_error_rate: 0.02 };
  await flow.scenario({ kind: 'faults', seed, ...rates });
  const script = path.join(import.meta.dirname, 'soak-worker.ts');
  const child = spawn(process.execPath, ['--expose-gc', '--import', 'tsx', script], {
    env: {
      ...{ NODE_ENV: 'test', PATH: process.env['PATH'] ?? '', DATABASE_URL: flow.database.url },
      EXCHANGE_RATES_URL: 'none',
      ...{ META_GRAPH_URL: flow.simulator.graphUrl, ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64') },
      ...{ START_AT: String(startAt), DAYS: String(days), SEED: String(seed) },
      METRICS_CYCLE_SECONDS: String(metricsSeconds),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) told.push(JSON.parse(line) as SoakDay);
}, 3_600_000);
afterAll(() => flow?.close());

test('memory does not grow after the first day', () => {
  expect(told.length).toBe(days);
  const [first, last] = [told[0], told.at(-1)];
  const growth = ((last?.heapMb ?? NaN) - (first?.heapMb ?? NaN)) / (days - 1);
  console.log(
    `SOAK_SEED=${seed}: heap after each day ${told.map(({ heapMb }) => heapMb.toFixed(1)).join(', ')} MB, ` +
      `growth ${growth.toFixed(2)} MB a day; p95 of a cycle ${told.map(({ p95Ms }) => Math.round(p95Ms)).join(', ')} ms`,
  );
  expect(growth).toBeLessThan(mostGrowthMb);
});

test('there are as many rows as there were readings, and no more', async () => {
  const sum = (pick: (day: SoakDay) => number) => told.reduce((total, day) => total + pick(day), 0);
  const { sql } = flow.database.database;
  const [rows] = await sql<Record<string, number>>`
    select (select count(*) from snapshots) as snapshots,
      (select count(*) from cycles where kind = 'metrics') as metrics,
      (select count(*) from cycles where kind = 'status') as sweeps,
      (select count(*) from cycles where kind = 'daily') as daily,
      (select count(*) from accounts) as accounts,
      (select count(*) from shards where started_at < ${startAt + (days - 1) * dayMs - 3 * dayMs}) as "oldShards",
      (select count(*) from (select account_no from account_days where closed_at is not null and live_at is not null) d)
        as "closedDays"`;
  console.log(`rows: ${JSON.stringify(rows)}`);
  expect(rows).toMatchObject({
    ...{ snapshots: sum(({ read }) => read), metrics: sum(({ cycles }) => cycles) },
    ...{ sweeps: sum(({ sweeps }) => sweeps), daily: days, accounts, oldShards: 0 },
  });
  const zoneOf = zoneDays(startAt + days * dayMs - metricsSeconds * 1000);
  const zones = await sql<{ timezone: string }>`select timezone from accounts`;
  const closed = zones.map(({ timezone }) => {
    const { day, elapsedMs } = zoneOf(timezone);
    const last = addDays(day, elapsedMs >= settledAfterMs ? -1 : -2);
    return daysBetween(zoneDays(startAt)(timezone).day, last) + 1;
  });
  // Every account-day that was watched and is settled by now has been read again after its end.
  expect(rows?.['closedDays']).toBe(closed.reduce((total, count) => total + count, 0));
});

test.runIf(isLong)('the last day is as fast as the second', () => {
  expect((told.at(-1)?.p95Ms ?? NaN) / (told[1]?.p95Ms ?? NaN)).toBeLessThan(mostSlower);
});
