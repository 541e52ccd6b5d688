'use server';

import { requireOwnPage } from '../../../../../server/guard.ts';
import { house } from '../../../../../server/house.ts';
import { actByLink } from '../../../../../services/alerts/act-by-link.ts';
import type { ActState } from '../../../../../ui/alerts/act-form.tsx';

/** The link of a message is the permission, and is used up by this. */
export async function act(_before: ActState, form: FormData): Promise<ActState> {
  await requireOwnPage();
  const text = (name: string) => String(form.get(name) ?? '');
  const wish = { token: text('token'), act: text('act'), reason: text('reason') };
  const done = await actByLink(await house(), wish);
  if (!done.isDone) return { done: null, problem: done.problem };
  return { done: wish.act === 'snooze' ? 'snooze' : 'acknowledge', problem: null };
}
