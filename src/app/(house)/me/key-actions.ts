'use server';

import { revalidatePath } from 'next/cache';
import { keyForm, newKeyForm } from '../../../contract/own-sign-in.ts';
import { requireActor, requireOwnPage } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import type { Act } from '../../../services/alerts/acts.ts';
import { addApiKey, revokeApiKey } from '../../../services/members/api-keys.ts';
import type { OnceAnswer } from '../../../ui/kit/once-form.tsx';

/** Makes a key; this answer is the only place where it ever stands. */
export async function addKey(form: FormData): Promise<OnceAnswer> {
  await requireOwnPage();
  const actor = await requireActor('keys:own');
  const given = newKeyForm.safeParse(Object.fromEntries(form));
  if (!given.success) return { isDone: false, problem: 'Give the key a name and a role.' };
  const made = await addApiKey(await house(), actor, given.data);
  if (!made.isDone) return made;
  revalidatePath('/me');
  const about = `The key “${made.value.name}”. Copy it now: it is not shown again.`;
  return { isDone: true, told: 'Made.', once: { about, text: made.value.key } };
}

/** Ends a key; the pages of keys are drawn anew. */
export async function revokeKey(id: number): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('keys:own');
  const given = keyForm.safeParse({ id });
  if (!given.success) return { isDone: false, problem: 'This cannot be read.' };
  const ended = await revokeApiKey(await house(), actor, given.data);
  revalidatePath('/me');
  revalidatePath('/admin/keys');
  return ended.isDone ? { isDone: true } : ended;
}
