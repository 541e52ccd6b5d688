'use server';

import { revalidatePath } from 'next/cache';
import { headers } from 'next/headers';
import { deviceForm, hoursForm } from '../../../contract/own-alerts.ts';
import { requireActor, requireOwnPage } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import type { Act } from '../../../services/alerts/acts.ts';
import { addOwnDevice } from '../../../services/channels/add-own-device.ts';
import { removeOwnDevice, testOwnDevice } from '../../../services/channels/own-devices.ts';
import type { Wish } from '../../../services/members/members-deps.ts';
import { setOwnHours } from '../../../services/members/set-own-hours.ts';

/** Sets the member's own time zone and quiet hours. */
export async function saveHours(form: FormData): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('alerts:receive');
  const wish = hoursForm.safeParse(Object.fromEntries(form));
  if (!wish.success) return unreadable;
  const { timezone, from, to } = wish.data;
  const quiet = from === '' && to === '' ? null : { from, to };
  return told(await setOwnHours(await house(), actor, { timezone, quiet }));
}

/** Has alerts sent to the browser that asks. */
export async function addDevice(subscription: unknown): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('alerts:receive');
  const userAgent = (await headers()).get('user-agent') ?? '';
  return told(await addOwnDevice(await house(), actor, { subscription, userAgent }));
}

/** Sends a test message to one of the member's own devices. */
export async function testDevice(deviceId: number): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('alerts:receive');
  const wish = deviceForm.safeParse({ deviceId });
  return wish.success ? told(await testOwnDevice(await house(), actor, wish.data.deviceId)) : unreadable;
}

/** Ends one of the member's own devices. */
export async function removeDevice(deviceId: number): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('alerts:receive');
  const wish = deviceForm.safeParse({ deviceId });
  return wish.success ? told(await removeOwnDevice(await house(), actor, wish.data.deviceId)) : unreadable;
}

const unreadable: Act = { isDone: false, problem: 'This cannot be read.' };

function told(wish: Wish<unknown>): Act {
  revalidatePath('/me');
  return wish.isDone ? { isDone: true } : wish;
}
