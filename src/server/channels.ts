import { buildChannels } from '../adapters/channels/build-channel.ts';
import { makeVapidKeys, type Vapid } from '../adapters/channels/web-push/config.ts';
import type { BuildChannel, Channel } from '../ports/channel.ts';
import type { Log } from '../ports/log.ts';
import type { Clock } from '../ports/clock.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { OpenChannel } from '../services/alerts/deliver-due.ts';
import type { Database } from '../ports/sql.ts';
import { channelPurpose } from '../store/channels.ts';
import {
  addInstallationSecret,
  findInstallationSecret,
  installationPurpose,
  lockSealing,
} from '../store/sealed-rows.ts';
import type { Config } from './config.ts';

type PushKeys = Omit<Vapid, 'subject'>;

interface KeyDeps {
  database: Pick<Database, 'sql' | 'transaction'>;
  sealer: Sealer;
  clock: Pick<Clock, 'now'>;
}

/** The key pair by which push services know this installation: made or looked up when first asked. */
export function pushKeysOf(deps: KeyDeps): () => Promise<PushKeys> {
  let found: Promise<PushKeys> | undefined;
  return () => {
    found ??= findPushKeys(deps);
    // What failed was perhaps a moment's trouble.
    found.catch(() => (found = undefined));
    return found;
  };
}

/** How channels are built in this installation. */
export function builderOf(
  config: Config,
  clock: Pick<Clock, 'now'>,
  pushKeys: () => Promise<PushKeys>,
): () => Promise<BuildChannel> {
  const { smtpUrl, mailFrom, ...services } = config.channels;
  const subject =
    mailFrom !== null
      ? `mailto:${/<([^>]+)>/.exec(mailFrom)?.[1] ?? mailFrom}`
      : config.appUrl.protocol === 'https:'
        ? config.appUrl.href
        : 'mailto:arbhub@localhost';
  let built: Promise<BuildChannel> | undefined;
  return () => {
    built ??= pushKeys().then((keys) =>
      buildChannels({
        ...services,
        ...{ smtpUrl, mailFrom, appUrl: config.appUrl.href, clock },
        graphVersion: config.meta.version,
        vapid: { ...keys, subject },
      }),
    );
    built.catch(() => (built = undefined));
    return built;
  };
}

const vapidName = 'web-push-keys';

async function findPushKeys({ database, sealer, clock }: KeyDeps): Promise<PushKeys> {
  const known = await findInstallationSecret(database.sql, vapidName);
  if (known === null) {
    const at = await clock.now();
    await database.transaction(async (sql) => {
      await lockSealing(sql);
      const text = JSON.stringify(makeVapidKeys());
      await addInstallationSecret(sql, vapidName, sealer.seal(text, installationPurpose, vapidName), at);
    });
  }
  const sealed = known ?? (await findInstallationSecret(database.sql, vapidName));
  const opened = sealed === null ? null : sealer.open(sealed, installationPurpose, vapidName);
  if (opened?.ok !== true)
    throw new Error(`the key pair of web push does not open: ${opened?.problem ?? 'gone'}`);
  return JSON.parse(opened.text) as PushKeys;
}

/**
 * Opens the channels that the database holds: those of the settings by their name, the others from what is sealed. A channel is
 * built once for as long as its settings stay the same. `builder` is asked when the first stored one is needed.
 */
export function storedChannels(
  { sealer, log }: { sealer: Sealer; log: Log },
  fromSettings: ReadonlyMap<string, Channel>,
  builder: () => Promise<BuildChannel>,
): OpenChannel {
  const built = new Map<number, { sealed: string; channel: Channel }>();
  return async ({ id, name, kind, sealed }) => {
    if (sealed === null) return fromSettings.get(name) ?? null;
    const mark = Buffer.from(sealed).toString('base64');
    const known = built.get(id);
    if (known?.sealed === mark) return known.channel;
    const opened = sealer.open(sealed, channelPurpose, String(id));
    const made = opened.ok ? (await builder())(kind, JSON.parse(opened.text) as unknown) : opened;
    if (!made.ok) {
      log.error('a channel cannot be opened', { channel: name, problem: made.problem });
      return null;
    }
    built.set(id, { sealed: mark, channel: made.channel });
    return made.channel;
  };
}
