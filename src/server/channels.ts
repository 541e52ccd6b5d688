import type { BuildChannel, Channel } from '../ports/channel.ts';
import type { Log } from '../ports/log.ts';
import type { Sealer } from '../ports/sealer.ts';
import type { OpenChannel } from '../services/alerts/deliver-due.ts';
import { channelPurpose } from '../store/channels.ts';

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
