import type { Actor } from '../../domain/permissions.ts';
import { channelPurpose, enableChannel, listDevicesOf, sealChannel } from '../../store/channels.ts';
import { insertAudit, lockMember } from '../../store/members.ts';
import { lockSealing } from '../../store/sealed-rows.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import { endpointOf, longestSubscription } from './add-own-device.ts';
import type { ChannelsDeps } from './channels-deps.ts';
import { noMember } from './own-devices.ts';

/**
 * Has alerts for one of the actor's own devices sent to its new subscription. `endpoint` is the address that it had: a device
 * that he has removed, or that is somebody else's, is not found and nothing changes. Throws `Refused`.
 */
export async function renewOwnDevice(
  deps: Pick<ChannelsDeps, 'database' | 'clock' | 'sealer' | 'channelBuilder'>,
  actor: Actor,
  { endpoint, subscription }: { endpoint: string; subscription: unknown },
): Promise<Wish<null>> {
  mustBeAllowed(actor, 'alerts:receive');
  const entered = JSON.stringify(subscription) ?? '';
  if (entered.length > longestSubscription)
    return { isDone: false, problem: 'The subscription of this browser is too long.' };
  const built = (await deps.channelBuilder())('web_push', subscription);
  if (!built.ok)
    return { isDone: false, problem: `The subscription of this browser is not usable: ${built.problem}` };
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql): Promise<Wish<null>> => {
    const member = await lockMember(sql, actor.name);
    if (member === null) return noMember;
    await lockSealing(sql);
    const known = (await listDevicesOf(sql, member.id)).find(({ id, sealed }) => {
      const opened = sealed === null ? null : deps.sealer.open(sealed, channelPurpose, String(id));
      return opened?.ok === true && endpointOf(JSON.parse(opened.text)) === endpoint;
    });
    if (known === undefined) return { isDone: false, problem: 'This device is not in your list.' };
    const { id, name } = known;
    await sealChannel(sql, id, deps.sealer.seal(entered, channelPurpose, String(id)));
    await enableChannel(sql, id);
    await insertAudit(sql, {
      ...{ at, actor: actor.name, action: 'device.renewed' },
      detail: { name, shown: built.shown },
    });
    return { isDone: true, value: null };
  });
}
