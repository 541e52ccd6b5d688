import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSimulator, type Simulator } from '../src/adapters/simulation/simulator-process.ts';
import { parseConfig } from '../src/server/config.ts';
import { furnish } from '../src/server/furnish.ts';
import { buildHouse, type Deps } from '../src/server/house.ts';
import type { Log } from '../src/ports/log.ts';
import type { Database } from '../src/ports/sql.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { ManualClock } from './manual-clock.ts';
import { slackReceiver, type SlackReceiver } from './slack-receiver.ts';

/** The product without its web server: simulated Meta, database, local Slack, and a clock that tests move. */
export interface FlowHouse {
  deps: Deps;
  clock: ManualClock;
  simulator: Simulator;
  slack: SlackReceiver;
  database: TestDatabase;
  /** Sets both worlds' clocks to the same later moment. */
  advance(ms: number): Promise<void>;
  /** Sets ArbHub's clock alone, forward or back; the world's runs on as before. */
  jump(ms: number): void;
  /** The world's own time, epoch ms. */
  worldNow(): Promise<number>;
  scenario(body: object): Promise<string[]>;
  close(): Promise<void>;
}

/** Seals nothing that matters; without one a key would be made in the working directory. */
const encryptionKey = Buffer.alloc(32, 7).toString('base64');

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };

interface FlowOptions {
  startAt: number;
  accounts?: number;
  /** What the database is copied from; empty ones are migrated by `enter`. */
  from?: string;
  /** The product's way into the database, where it is not the straight one. */
  enter?: (database: TestDatabase) => Promise<Database>;
}

export async function flowHouse(options: FlowOptions): Promise<FlowHouse> {
  const folder = await mkdtemp(path.join(tmpdir(), 'arbhub-flow-'));
  const [database, slack, simulator] = await Promise.all([
    testDatabase(options.from),
    slackReceiver(),
    startSimulator({
      main: path.resolve(import.meta.dirname, '../simulator/main.ts'),
      stateFile: path.join(folder, 'simulation.json'),
      log: silentLog,
      accounts: options.accounts ?? 30,
    }),
  ]);
  const clock = new ManualClock(options.startAt);
  const control = async (pathname: string, body: object): Promise<unknown> => {
    const response = await fetch(`${simulator.graphUrl}/__sim${pathname}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`simulator: ${response.status} ${await response.text()}`);
    return response.json();
  };
  let aheadMs = 0;
  const worldNow = async () => (await clock.now()) - aheadMs;
  const setSimulatorClock = async () => control('/clock', { now: await worldNow() });
  await setSimulatorClock();
  const config = parseConfig(
    { SLACK_WEBHOOK_URL: slack.url, ENCRYPTION_KEY: encryptionKey, EXCHANGE_RATES_URL: 'none' },
    false,
  );
  // The house builds its parts around the database's clock; a flow moves time by hand.
  const entered = (await options.enter?.(database)) ?? database.database;
  const deps: Deps = { ...buildHouse(config, entered, silentLog, simulator), clock };
  await furnish(deps);
  return {
    deps,
    clock,
    simulator,
    slack,
    database,
    async advance(ms) {
      clock.advance(ms);
      await setSimulatorClock();
    },
    jump(ms) {
      clock.jump(ms);
      aheadMs += ms;
    },
    worldNow,
    async scenario(body) {
      const { account_ids } = (await control('/scenarios', body)) as { account_ids: string[] };
      return account_ids.map((digits) => `act_${digits}`);
    },
    async close() {
      await Promise.all([simulator.stop(), slack.close()]);
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
