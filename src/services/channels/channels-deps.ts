import type { BuildChannel } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Sealer } from '../../ports/sealer.ts';
import type { Database } from '../../ports/sql.ts';
import type { OpenChannel } from '../alerts/deliver-due.ts';

/** What the verbs about channels need. */
export interface ChannelsDeps {
  database: Pick<Database, 'sql' | 'transaction'>;
  clock: Pick<Clock, 'now' | 'monotonicMs'>;
  log: Log;
  sealer: Sealer;
  openChannel: OpenChannel;
  /** Builds a channel from what an operator entered; looks up what it needs of the installation first. */
  channelBuilder: () => Promise<BuildChannel>;
}

export const noSuchChannel = (name: string): { isDone: false; problem: string } => ({
  isDone: false,
  problem: `There is no channel "${name}"; channel list tells the names.`,
});
