import type { ChannelsView } from '../../contract/channels.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Database } from '../../ports/sql.ts';
import { listChannels } from '../../store/channels.ts';
import { listMembers, listVendorNames } from '../../store/operator.ts';
import { mustBeAllowed } from '../refusal.ts';

/** Every way to reach people and how it does, with the names that its routing can be about. Throws `Refused`. */
export async function readChannels(
  { database: { sql } }: { database: Pick<Database, 'sql'> },
  actor: Actor,
): Promise<ChannelsView> {
  mustBeAllowed(actor, 'channels:change');
  const channels = (await listChannels(sql)).map(({ id: _, ...channel }) => ({
    ...{ name: channel.name, kind: channel.kind, shown: channel.shown, severity: channel.lowestSeverity },
    ...{ kinds: channel.kinds, vendors: channel.vendors, ownVendor: channel.vendor, member: channel.member },
    ...{ level: channel.escalationLevel, offAt: channel.disabledAt, offReason: channel.disabledReason },
    ...{ lastSentAt: channel.lastSentAt, lastError: channel.lastError, lastErrorAt: channel.lastErrorAt },
    lastTookMs: channel.lastDurationMs,
  }));
  const members = (await listMembers(sql)).filter(({ isDisabled }) => !isDisabled);
  return { channels, vendors: await listVendorNames(sql), members: members.map(({ email }) => email) };
}
