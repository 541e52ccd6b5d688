'use server';

import { revalidatePath } from 'next/cache';
import { acknowledgeForm, endSilenceForm, silenceForm, snoozeForm } from '../../../contract/alert-acts.ts';
import { requireActor, requireOwnPage } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import { acknowledgeAlert } from '../../../services/alerts/acknowledge-alert.ts';
import type { Act } from '../../../services/alerts/acts.ts';
import { createSilence } from '../../../services/alerts/create-silence.ts';
import { endSilence as endOneSilence } from '../../../services/alerts/end-silence.ts';
import { snoozeAlert } from '../../../services/alerts/snooze-alert.ts';

/** Somebody takes care of an alert and says how. */
export async function acknowledge(alertId: number, reason: string): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('alerts:acknowledge');
  const wish = acknowledgeForm.safeParse({ alertId, reason });
  return wish.success
    ? told(await acknowledgeAlert(await house(), actor, wish.data))
    : unreadable(wish.error);
}

/** Lets an alert rest for a while. */
export async function snooze(alertId: number, until: string): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('alerts:acknowledge');
  const wish = snoozeForm.safeParse({ alertId, until });
  return wish.success ? told(await snoozeAlert(await house(), actor, wish.data)) : unreadable(wish.error);
}

/** Keeps alerts from being told; `scope` holds the words of a query: account, vendor, kinds. */
export async function silence(form: FormData): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('alerts:acknowledge');
  const { scope, ...rest } = Object.fromEntries(form);
  const wish = silenceForm.safeParse({ ...Object.fromEntries(new URLSearchParams(String(scope))), ...rest });
  return wish.success ? told(await createSilence(await house(), actor, wish.data)) : unreadable(wish.error);
}

/** Ends a silence before its time. */
export async function endSilence(silenceId: number): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('alerts:acknowledge');
  const wish = endSilenceForm.safeParse({ silenceId });
  return wish.success ? told(await endOneSilence(await house(), actor, wish.data)) : unreadable(wish.error);
}

function told(act: Act): Act {
  if (act.isDone) revalidatePath('/alerts');
  return act;
}

function unreadable(error: { issues: readonly { message: string }[] }): Act {
  return { isDone: false, problem: error.issues[0]?.message ?? 'This cannot be read.' };
}
