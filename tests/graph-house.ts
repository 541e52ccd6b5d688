import type { Actor } from '../src/domain/permissions.ts';
import { startSimulator, type TestSimulator } from '../simulator/test-simulator.ts';
import type { Log } from '../src/ports/log.ts';
import { parseConfig } from '../src/server/config.ts';
import { furnish } from '../src/server/furnish.ts';
import { buildHouse, type Deps } from '../src/server/house.ts';
import { addConnection } from '../src/services/connections/add-connection.ts';
import { ensurePartitions } from '../src/store/snapshots.ts';
import { utcDay } from '../src/domain/calendar.ts';
import type { CycleOutcome } from '../src/services/poll/run-cycle.ts';
import { pollMetrics } from '../src/services/poll/poll-metrics.ts';
import { sweepStatus } from '../src/services/poll/sweep-status.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { ManualClock } from './manual-clock.ts';

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const operator: Actor = { role: 'admin', name: 'owner@example.com' };
const encryptionKey = Buffer.alloc(32, 7).toString('base64');

/** A product with connections of its own to a simulated Meta in this process; a clock that tests move turns both worlds. */
export interface GraphHouse {
  deps: Deps;
  clock: ManualClock;
  meta: TestSimulator;
  database: TestDatabase;
  /** What the product logged as a warning or worse. */
  warnings: { event: string; fields: Record<string, unknown> }[];
  now(): number;
  /** Moves both clocks to an instant that is not before now. */
  moveTo(at: number): Promise<void>;
  advance(ms: number): Promise<void>;
  sweep(): Promise<CycleOutcome>;
  poll(): Promise<CycleOutcome>;
  add(name: string, token: string, businessIds?: string[]): Promise<number>;
  scenario(body: object): Promise<string[]>;
  rows<Row extends object>(text: TemplateStringsArray, ...values: (string | number)[]): Promise<Row[]>;
  /** Another process on the same database: with its own limits, and its own idea of how Meta is. */
  secondProcess(): Deps;
  close(): Promise<void>;
}

export async function graphHouse(options: {
  startAt: number;
  accounts: number;
  /** More options of the simulator. */
  simulator?: string[];
  requestTimeoutMs?: number;
  /** Stands between the product and Meta; answers its address. */
  between?: (metaUrl: string) => Promise<string>;
  settings?: Record<string, string>;
  /** Left out, one of the test server's. */
  database?: Promise<TestDatabase>;
}): Promise<GraphHouse> {
  const [database, meta] = await Promise.all([
    options.database ?? testDatabase(),
    startSimulator('--accounts', String(options.accounts), ...(options.simulator ?? [])),
  ]);
  const clock = new ManualClock(options.startAt);
  meta.simulation.clock.freeze(options.startAt);
  const graphUrl = (await options.between?.(meta.url)) ?? meta.url;
  const env = {
    ENCRYPTION_KEY: encryptionKey,
    META_GRAPH_URL: graphUrl,
    EXCHANGE_RATES_URL: 'none',
    ...options.settings,
  };
  const warnings: GraphHouse['warnings'] = [];
  const note = (event: string, fields: Record<string, unknown> = {}) => void warnings.push({ event, fields });
  const log: Log = { info: () => {}, warn: note, error: note };
  const patience = {
    requestTimeoutMs: options.requestTimeoutMs ?? 5_000,
    // What a try waits for passes at once, and the worlds' clock knows it.
    async sleep(ms: number) {
      const until = at() + ms;
      await new Promise(setImmediate);
      if (until > at()) clock.advance(Math.ceil(until - at()));
    },
  };
  const at = () => clock.at;
  const build = (): Deps => ({
    ...buildHouse(parseConfig(env, false), database.database, log, null, patience),
    clock,
  });
  const deps = build();
  await furnish(deps);
  const house: GraphHouse = {
    ...{ deps, clock, meta, database, warnings },
    now: at,
    async moveTo(instant) {
      if (utcDay(instant) !== utcDay(at())) await ensurePartitions(deps.database.sql, utcDay(instant), 2);
      clock.advance(instant - at());
      meta.simulation.clock.freeze(at());
    },
    advance: (ms) => house.moveTo(at() + ms),
    sweep: () => sweepStatus(deps),
    poll: () => pollMetrics(deps),
    async add(name, token, businessIds = []) {
      const added = await addConnection(
        deps,
        operator,
        { name, token, businessIds },
        new AbortController().signal,
      );
      if (!added.isDone) throw new Error(added.problem);
      return added.value.id;
    },
    async scenario(body) {
      const { status, json, text } = await meta.control('POST', '/scenarios', body);
      if (status !== 200) throw new Error(`simulator: ${status} ${text}`);
      return (json['account_ids'] as unknown as string[]).map((digits) => `act_${digits}`);
    },
    rows: (text, ...values) => database.database.sql(text, ...values),
    secondProcess: build,
    async close() {
      await meta.close();
      await database.drop();
    },
  };
  return house;
}
