import { randomUUID } from 'node:crypto';
import { databaseClock } from '../adapters/database/database-clock.ts';
import { connectDatabase } from '../adapters/database/connect.ts';
import { smtpLetters } from '../adapters/channels/email/letter.ts';
import { slackChannel } from '../adapters/channels/slack/send.ts';
import { embeddedSignIn } from '../adapters/sign-in/embedded-sign-in.ts';
import { supabaseSignIn } from '../adapters/sign-in/supabase-sign-in.ts';
import { metaAccountSource } from '../adapters/meta/account-source.ts';
import { Lanes } from '../adapters/meta/lanes.ts';
import { metaTokenOffice } from '../adapters/meta/tokens.ts';
import { ecbRates } from '../adapters/rates/ecb.ts';
import { totpCodes } from '../adapters/one-time-codes/totp.ts';
import { aesGcmSealer } from '../adapters/sealing/aes-gcm.ts';
import { fileKeys } from '../adapters/sealing/key-file.ts';
import { settingsKeys } from '../adapters/sealing/key-ring.ts';
import type { BuildChannel, Channel } from '../ports/channel.ts';
import type { Clock } from '../ports/clock.ts';
import type { OneTimeCodes } from '../ports/one-time-codes.ts';
import type { Letters } from '../ports/letters.ts';
import type { Log } from '../ports/log.ts';
import type { RateSource } from '../ports/rate-source.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { SignIn } from '../ports/sign-in.ts';
import type { SimulationControl } from '../ports/simulation.ts';
import type { Database, Sql } from '../ports/sql.ts';
import type { ReadNow } from '../services/hints/read-hinted.ts';
import { makeAlertLink } from '../services/alerts/alert-links.ts';
import type { DeliveryDeps, OpenChannel } from '../services/alerts/deliver-due.ts';
import { sendAlerts } from '../services/alerts/send-alerts.ts';
import { sessionCookie } from '../services/members/session-life.ts';
import { readNow } from '../services/poll/read-now.ts';
import type { TokenOffice } from '../ports/token-office.ts';
import { ensureFirstAdmin } from '../services/members/ensure-first-admin.ts';
import { takeSettingsToken } from '../services/connections/take-settings-token.ts';
import { ensureChannel } from '../store/alerts.ts';
import { builderOf, pushKeysOf, storedChannels } from './channels.ts';
import { readConfig, type Config } from './config.ts';
import { buildServerlessKeeping, type Keeping, nothingKept } from './keeping.ts';
import { jsonLog } from './log.ts';
import { authCookie } from './renew-session.ts';
import { storedSources, type SourceOf } from './sources.ts';

/** Everything that the services are handed: built once per process. */
export interface Deps {
  config: Config;
  database: Database;
  clock: Clock;
  log: Log;
  /** Names this process in claims and leases. */
  owner: string;
  random: () => number;
  sourceOf: SourceOf;
  sealer: Sealer;
  tokenOffice: TokenOffice;
  openChannel: OpenChannel;
  channelBuilder: () => Promise<BuildChannel>;
  /** The public key that browsers subscribe with. */
  pushKey: () => Promise<string>;
  linkOf: DeliveryDeps['linkOf'];
  signIn: SignIn;
  codes: OneTimeCodes;
  /** Carries invitations and the like; null without a mail server. */
  letters: Letters | null;
  /** Reads single accounts at once, and sends what follows from it. */
  readNow: ReadNow;
  /** The simulated Meta's controls; null when it does not run. */
  simulation: SimulationControl | null;
  settings: { sweepMs: number; metricsMs: number };
  /** Whether our own web server hands requests over, and has written down who is at the other end. */
  hasOwnServer: boolean;
  /** Where old days and backups go. */
  keeping: Keeping;
  /** Who publishes exchange rates; null when nobody is to be asked. */
  rateSource: RateSource | null;
}

/** How Meta is waited for. Nobody sets it; tests with a clock of their own do. */
export interface Patience {
  /** Longest wait for one answer. */
  requestTimeoutMs: number;
  /** Passes the time between two tries. */
  sleep: Clock['sleep'];
}

const requestTimeoutMs = 20_000;
/**
 * Batches under way for one shard: enough to keep a token busy while its answers are taken in; more would only make Meta's and
 * our own peaks higher.
 */
const batchesAtOnce = 8;
/** Batches under way for all connections together. */
const lanesOfProcess = 16;
const longestSendingMs = 20_000;

/** Builds the adapters around a connected database and hands them out. `simulation` is the running simulated Meta, if any. */
export function buildHouse(
  config: Config,
  database: Database,
  log: Log,
  simulation: (SimulationControl & { graphUrl: string; token: string }) | null,
  given: Partial<Patience> & { keeping?: Keeping; hasOwnServer?: boolean } = {},
): Deps {
  const clock = databaseClock(database);
  const random = Math.random;
  const { keeping = nothingKept, hasOwnServer = false, ...patience } = given;
  const { sleep } = { ...clock, ...patience };
  const plan = { concurrency: batchesAtOnce, lanes: new Lanes(lanesOfProcess), random, sleep };
  const elapsed = () => clock.monotonicMs();
  const { graphUrl: baseUrl, version, appId, appSecret, requestsPerMinute } = config.meta;
  const meta = { baseUrl, version, appSecret, requestTimeoutMs, requestsPerMinute, ...patience };
  const sealer = sealerOf(config, log);
  const simulated =
    simulation === null
      ? null
      : metaAccountSource({ ...meta, baseUrl: simulation.graphUrl, token: simulation.token }, plan, elapsed);
  const channels = new Map<string, Channel>();
  if (config.slackWebhookUrl !== null)
    channels.set('default', slackChannel({ webhookUrl: config.slackWebhookUrl }));
  const pushKeys = pushKeysOf({ database, sealer, clock });
  const channelBuilder = builderOf(config, clock, pushKeys);
  const deps: Deps = {
    config,
    database,
    clock,
    log,
    owner: `${process.pid}-${randomUUID().slice(0, 8)}`,
    random,
    sourceOf: storedSources(
      { database, sealer, log },
      (token) => metaAccountSource({ ...meta, token }, plan, elapsed),
      simulated,
    ),
    sealer,
    tokenOffice: metaTokenOffice({ ...meta, appId }, elapsed, sleep),
    openChannel: storedChannels({ sealer, log }, channels, channelBuilder),
    channelBuilder,
    pushKey: async () => (await pushKeys()).publicKey,
    linkOf: (claim) => linkOf(config, database.sql, clock, claim),
    signIn: signInOf(config),
    codes: totpCodes(),
    letters: lettersOf(config),
    async readNow(accountIds) {
      await readNow(deps, accountIds);
      await sendAlerts(deps, { signal: AbortSignal.timeout(longestSendingMs) });
    },
    simulation,
    settings: { sweepMs: config.sweepMs, metricsMs: config.metricsMs },
    hasOwnServer,
    keeping,
    rateSource: config.exchangeRatesUrl === null ? null : ecbRates(config.exchangeRatesUrl),
  };
  return deps;
}

/** The address at which whoever gets a message can act on its alert; what is over or needs no act has none. */
async function linkOf(
  { appUrl }: Config,
  sql: Sql,
  clock: Clock,
  { alertId, channelId, purpose, severity }: Parameters<DeliveryDeps['linkOf']>[0],
): Promise<string | null> {
  if (severity === 'info' || !(purpose === 'opened' || purpose === 'repeat' || purpose === 'escalated'))
    return null;
  const path = await makeAlertLink(sql, { alertId, channelId, at: await clock.now() });
  return path === null ? null : new URL(path, appUrl).href;
}

/** Who keeps passwords and sessions: a Supabase project where there is one, else the product itself. */
function signInOf({ appUrl, supabase }: Config): SignIn {
  return supabase === null
    ? embeddedSignIn(undefined, sessionCookie(appUrl))
    : supabaseSignIn(supabase, authCookie(appUrl));
}

/** The mail server of the settings, which e-mail channels use too. */
function lettersOf({ channels: { smtpUrl, mailFrom }, appUrl }: Config): Letters | null {
  return smtpUrl === null || mailFrom === null
    ? null
    : smtpLetters({ smtpUrl, mailFrom, appUrl: appUrl.href });
}

/** The keys of the settings; without one, those that the product makes and keeps in its data directory. */
function sealerOf({ encryptionKeys: { current, previous }, dataDir }: Config, log: Log): Sealer {
  return aesGcmSealer(current === null ? fileKeys(dataDir, previous, log) : settingsKeys(current, previous));
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
  return (shared[place] ??= buildServerless().catch((error: unknown) => {
    // What failed was perhaps a moment's trouble: the next request tries again.
    shared[place] = undefined;
    throw error;
  }));
}

async function buildServerless(): Promise<Deps> {
  const config = readConfig();
  if (config.databaseUrl === null)
    throw new Error('DATABASE_URL is needed where the embedded database cannot run');
  if (config.encryptionKeys.current === null)
    throw new Error(
      'ENCRYPTION_KEY is needed where there is no disk to keep a key on: 32 bytes in base64 (openssl rand -base64 32)',
    );
  const log = jsonLog((line) => process.stdout.write(line));
  const database = connectDatabase({
    to: config.databaseUrl,
    maxConnections: 4,
    applicationName: 'arbhub serverless',
    log,
  });
  const deps = buildHouse(config, database, log, null, {
    keeping: buildServerlessKeeping(config),
  });
  if (config.meta.token !== null) await takeSettingsToken(deps, config.meta.token);
  if (config.slackWebhookUrl !== null) await ensureChannel(database.sql, 'default', 'slack');
  // Only by the settings: a link that works once would be printed into a log that many read.
  if (config.admin !== null) await ensureFirstAdmin(deps);
  return deps;
}
