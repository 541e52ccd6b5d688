import type { OwnAlerts, OwnDevice } from '../../contract/own-alerts.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Sql } from '../../ports/sql.ts';
import { listDevicesOf, removeChannelRow, type DeviceRow } from '../../store/channels.ts';
import { findMemberWithHours, insertAudit, lockMember } from '../../store/members.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { ChannelsDeps } from './channels-deps.ts';
import { sendTest } from './test-channel.ts';

type Deps = Pick<ChannelsDeps, 'database' | 'clock'>;

/** For programs and operators, who have nobody behind them to be told. */
export const noMember: { isDone: false; problem: string } = {
  isDone: false,
  problem: 'Only a member who is signed in can do this.',
};

/** How the actor himself is told: his hours and his devices. Null for whoever is no member. Throws `Refused`. */
export async function readOwnAlerts(
  deps: Pick<ChannelsDeps, 'database' | 'log'> & { pushKey: () => Promise<string> },
  actor: Actor,
): Promise<OwnAlerts | null> {
  mustBeAllowed(actor, 'alerts:receive');
  const { sql } = deps.database;
  const member = await findMemberWithHours(sql, actor.name);
  if (member === null) return null;
  const own = { ...member.hours, devices: (await listDevicesOf(sql, member.id)).map(shownDevice) };
  const pushKey = await deps.pushKey().catch((error: unknown) => {
    deps.log.error('no key for web push', { error: String(error) });
    return null;
  });
  const zones = [...new Set(['UTC', own.timezone, ...Intl.supportedValuesOf('timeZone')])].sort();
  return { ...own, zones, pushKey };
}

function shownDevice({ id, name, addedAt, lastSentAt, ...device }: DeviceRow): OwnDevice {
  const { disabledReason, lastError, lastErrorAt } = device;
  const isSince = lastErrorAt !== null && (lastSentAt === null || lastErrorAt > lastSentAt);
  const problem = disabledReason ?? (isSince ? lastError : null);
  return { id, name, addedAt, lastSentAt, problem, isOff: disabledReason !== null };
}

/** Sends a test message to one of the actor's own devices. Throws `Refused`. */
export async function testOwnDevice(
  deps: Deps & Pick<ChannelsDeps, 'openChannel'>,
  actor: Actor,
  deviceId: number,
): Promise<Wish<null>> {
  mustBeAllowed(actor, 'alerts:receive');
  const found = await deps.database.transaction((sql) => lockOwnDevice(sql, actor, deviceId));
  if (!found.isDone) return found;
  const test = await sendTest(deps, actor, found.value);
  if (!test.isDone) return test;
  const { reason } = test.value;
  return reason === null
    ? { isDone: true, value: null }
    : { isDone: false, problem: `The test did not arrive: ${reason}.` };
}

/** Ends one of the actor's own devices and deletes its secrets. Throws `Refused`. */
export async function removeOwnDevice(
  { database, clock }: Deps,
  actor: Actor,
  deviceId: number,
): Promise<Wish<null>> {
  mustBeAllowed(actor, 'alerts:receive');
  const at = await clock.now();
  return database.transaction(async (sql): Promise<Wish<null>> => {
    const found = await lockOwnDevice(sql, actor, deviceId);
    if (!found.isDone) return found;
    await removeChannelRow(sql, deviceId, at);
    const detail = { name: found.value.name };
    await insertAudit(sql, { at, actor: actor.name, action: 'device.removed', detail });
    return { isDone: true, value: null };
  });
}

async function lockOwnDevice(sql: Sql, actor: Actor, deviceId: number): Promise<Wish<DeviceRow>> {
  const member = await lockMember(sql, actor.name);
  if (member === null) return noMember;
  const device = (await listDevicesOf(sql, member.id)).find(({ id }) => id === deviceId);
  return device === undefined
    ? { isDone: false, problem: 'This device is not in your list any more.' }
    : { isDone: true, value: device };
}
