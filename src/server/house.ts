import { randomUUID } from 'node:crypto';
import { databaseClock } from '../adapters/database/database-clock.ts';
import { connectDatabase } from '../adapters/database/connect.ts';
import { slackChannel } from '../adapters/channels/slack/send.ts';
import { embeddedSignIn } from '../adapters/sign-in/embedded-sign-in.ts';
import { metaAccountSource } from '../adapters/meta/account-source.ts';
import type { AccountSource } from '../ports/account-source.ts';
import type { Channel } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { SignIn } from '../ports/sign-in.ts';
import type { SimulationControl } from '../ports/simulation.ts';
import type { Database } from '../ports/sql.ts';
import type { ReadNow } from '../services/hints/read-hinted.ts';
import { deliverDue } from '../services/alerts/deliver-due.ts';
import { readNow } from '../services/poll/read-now.ts';
import { readConfig, type Config } from './config.ts';
import { jsonLog } from './log.ts';

/** Everything that the services are handed: built once per process. */
export interface Deps {
  config: Config;
  database: Database;
  clock: Clock;
  log: Log;
  /** Names this process in claims and leases. */
  owner: string;
  random: () => number;
  sourceOf: (connection: {
    id: number;
    name: string;
    kind: 'meta' | 'simulation';
  }) => Promise<AccountSource | null>;
  channels: ReadonlyMap<string, Channel>;
  signIn: SignIn;
  /** Reads single accounts at once, and sends what follows from it. */
  readNow: ReadNow;
  /** The simulated Meta's controls; null when it does not run. */
  simulation: SimulationControl | null;
  settings: { sweepMs: number; metricsMs: number };
}

const requestTimeoutMs = 20_000;
const batchesAtOnce = 16;
const longestSendingMs = 20_000;

/** Builds the adapters around a connected database and hands them out. `simulation` is the running simulated Meta, if any. */
export function buildHouse(
  config: Config,
  database: Database,
  log: Log,
  simulation: (SimulationControl & { graphUrl: string; token: string }) | null,
): Deps {
  const clock = databaseClock(database);
  const random = Math.random;
  const plan = { concurrency: batchesAtOnce, random, sleep: clock.sleep };
  const sources = new Map<string, AccountSource>();
  const addSource = (name: string, graphUrl: string, token: string) => {
    const { version, appSecret, requestsPerMinute } = config.meta;
    const settings = { baseUrl: graphUrl, version, token, appSecret, requestTimeoutMs, requestsPerMinute };
    sources.set(
      name,
      metaAccountSource(settings, plan, () => clock.monotonicMs()),
    );
  };
  if (config.meta.token !== null) addSource('meta:default', config.meta.graphUrl, config.meta.token);
  if (simulation !== null) addSource('simulation:simulation', simulation.graphUrl, simulation.token);
  const channels = new Map<string, Channel>();
  if (config.slackWebhookUrl !== null)
    channels.set('default', slackChannel({ webhookUrl: config.slackWebhookUrl }));
  const deps: Deps = {
    config,
    database,
    clock,
    log,
    owner: `${process.pid}-${randomUUID().slice(0, 8)}`,
    random,
    sourceOf: async ({ name, kind }) => sources.get(`${kind}:${name}`) ?? null,
    channels,
    signIn: embeddedSignIn(),
    async readNow(accountIds) {
      await readNow(deps, accountIds);
      await deliverDue(deps, { signal: AbortSignal.timeout(longestSendingMs) });
    },
    simulation,
    settings: { sweepMs: config.sweepMs, metricsMs: config.metricsMs },
  };
  return deps;
}

// Our own server and Next's bundle are separate module graphs; the symbol is the one place that both reach.
const place = Symbol.for('arbhub.house');
const shared = globalThis as unknown as Record<symbol, Promise<Deps> | undefined>;

/** Makes these the house of the whole process. */
export function moveIn(deps: Deps): void {
  shared[place] = Promise.resolve(deps);
}

/** The house of this process; where no server of ours runs (a serverless platform) it is built on first use. */
export function house(): Promise<Deps> {
  return (shared[place] ??= buildServerless());
}

async function buildServerless(): Promise<Deps> {
  const config = readConfig();
  if (config.databaseUrl === null)
    throw new Error('DATABASE_URL is needed where the embedded database cannot run');
  const log = jsonLog((line) => process.stdout.write(line));
  const database = connectDatabase({
    to: config.databaseUrl,
    maxConnections: 4,
    applicationName: 'arbhub serverless',
    log,
  });
  return buildHouse(config, database, log, null);
}
