'use server';

import { revalidatePath } from 'next/cache';
import { codeForm, type EnrolmentView, provenForm } from '../../../contract/own-sign-in.ts';
import { ownToken, requireActor, requireOwnPage } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import {
  beginSecondStep as begin,
  confirmSecondStep as confirm,
} from '../../../services/members/begin-second-step.ts';
import { endSecondStep as end } from '../../../services/members/end-second-step.ts';
import type { Wish } from '../../../services/members/members-deps.ts';
import { renewRecoveryCodes } from '../../../services/members/recovery-codes.ts';

/** Answers what the member's authenticator app is to be shown. */
export async function beginSecondStep(form: FormData): Promise<Wish<EnrolmentView>> {
  await requireOwnPage();
  const actor = await requireActor('self:change');
  const wish = provenForm.safeParse(Object.fromEntries(form));
  return wish.success ? begin(await house(), actor, wish.data) : unreadable;
}

/** Switches the second step on; answers the recovery codes. */
export async function confirmSecondStep(form: FormData): Promise<Wish<string[]>> {
  await requireOwnPage();
  const actor = await requireActor('self:change');
  const wish = codeForm.safeParse(Object.fromEntries(form));
  if (!wish.success) return unreadable;
  return drawn(await confirm(await house(), actor, { ...wish.data, token: await ownToken() }));
}

/** Answers new recovery codes in place of the old ones. */
export async function renewCodes(form: FormData): Promise<Wish<string[]>> {
  await requireOwnPage();
  const actor = await requireActor('self:change');
  const wish = provenForm.safeParse(Object.fromEntries(form));
  return wish.success ? drawn(await renewRecoveryCodes(await house(), actor, wish.data)) : unreadable;
}

export async function endSecondStep(form: FormData): Promise<Wish<null>> {
  await requireOwnPage();
  const actor = await requireActor('self:change');
  const wish = provenForm.safeParse(Object.fromEntries(form));
  return wish.success ? drawn(await end(await house(), actor, wish.data)) : unreadable;
}

const unreadable: Wish<never> = { isDone: false, problem: 'This cannot be read.' };

function drawn<T>(wish: Wish<T>): Wish<T> {
  revalidatePath('/me');
  return wish;
}
