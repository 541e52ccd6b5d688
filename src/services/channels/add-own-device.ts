import { deviceName } from '../../domain/device-name.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Sql } from '../../ports/sql.ts';
import {
  channelPurpose,
  enableChannel,
  insertChannel,
  listDevicesOf,
  sealChannel,
  setHearing,
} from '../../store/channels.ts';
import { insertAudit, lockMember } from '../../store/members.ts';
import { lockSealing } from '../../store/sealed-rows.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { ChannelsDeps } from './channels-deps.ts';
import { noMember } from './own-devices.ts';

const mostDevices = 10;
/** Push services' addresses have a few hundred characters. */
export const longestSubscription = 4_000;
const longestName = 60;

/**
 * Has alerts sent to the browser that the actor sits at. `subscription` is the browser's `PushSubscription` as JSON; one that is
 * there already is used again. Throws `Refused`.
 */
export async function addOwnDevice(
  deps: Pick<ChannelsDeps, 'database' | 'clock' | 'sealer' | 'channelBuilder'>,
  actor: Actor,
  { subscription, userAgent }: { subscription: unknown; userAgent: string },
): Promise<Wish<{ id: number; name: string }>> {
  mustBeAllowed(actor, 'alerts:receive');
  const entered = JSON.stringify(subscription) ?? '';
  if (entered.length > longestSubscription)
    return { isDone: false, problem: 'The subscription of this browser is too long.' };
  const built = (await deps.channelBuilder())('web_push', subscription);
  if (!built.ok)
    return { isDone: false, problem: `The subscription of this browser is not usable: ${built.problem}` };
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql): Promise<Wish<{ id: number; name: string }>> => {
    const member = await lockMember(sql, actor.name);
    if (member === null) return noMember;
    await lockSealing(sql);
    const seal = (id: number) => deps.sealer.seal(entered, channelPurpose, String(id));
    const devices = await listDevicesOf(sql, member.id);
    const known = devices.find(({ id, sealed }) => {
      const opened = sealed === null ? null : deps.sealer.open(sealed, channelPurpose, String(id));
      return opened?.ok === true && endpointOf(JSON.parse(opened.text)) === endpointOf(subscription);
    });
    if (known === undefined && devices.length >= mostDevices)
      return { isDone: false, problem: `You have ${mostDevices} devices; remove one of them first.` };
    const device = known ?? (await insertDevice(sql, { member, userAgent, shown: built.shown, at }));
    await sealChannel(sql, device.id, seal(device.id));
    await enableChannel(sql, device.id);
    const { id, name } = device;
    await insertAudit(sql, {
      at,
      actor: actor.name,
      action: 'device.added',
      detail: { name, shown: built.shown },
    });
    return { isDone: true, value: { id, name } };
  });
}

/** Where a push service takes messages for a subscription. */
export function endpointOf(subscription: unknown): unknown {
  return (subscription as { endpoint?: unknown }).endpoint;
}

/** Makes the channel, under the first free name: `mara@example.com, Chrome on Android`, then `…, 2`. */
async function insertDevice(
  sql: Sql,
  {
    member,
    userAgent,
    ...row
  }: { member: { id: string; email: string }; userAgent: string; shown: string; at: number },
): Promise<{ id: number; name: string }> {
  for (let n = 1; n <= 100; n++) {
    const device = `, ${deviceName(userAgent)}${n === 1 ? '' : ` ${n}`}`;
    const name = cut(member.email.replace(/\p{C}/gu, ''), longestName - device.length) + device;
    const id = await insertChannel(sql, { ...row, name, kind: 'web_push' });
    if (id === null) continue;
    await setHearing(sql, id, { lowestSeverity: 'warning', memberId: member.id });
    return { id, name };
  }
  throw new Error('no free name for a device');
}

function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${[...text].slice(0, longest - 1).join('')}…`;
}
