'use server';

import { revalidatePath } from 'next/cache';
import { cookies } from 'next/headers';
import { redirect } from 'next/navigation';
import { passwordForm, sessionForm } from '../../../contract/own-sign-in.ts';
import { ownToken, requireActor, requireOwnPage } from '../../../server/guard.ts';
import { house } from '../../../server/house.ts';
import type { Act } from '../../../services/alerts/acts.ts';
import { changeOwnPassword } from '../../../services/members/change-own-password.ts';
import type { Wish } from '../../../services/members/members-deps.ts';
import { endOwnSession, endOwnSessions } from '../../../services/members/own-sessions.ts';

/** Ends one of the member's other sessions. */
export async function endSession(id: string): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('self:change');
  const wish = sessionForm.safeParse({ id });
  return wish.success ? told(await endOwnSession(await house(), actor, wish.data)) : unreadable;
}

/** Ends all sessions of the member, this browser's too. */
export async function signOutEverywhere(): Promise<void> {
  await requireOwnPage();
  const actor = await requireActor('self:change');
  const deps = await house();
  await endOwnSessions(deps, actor);
  await deps.signIn.end(await cookies());
  redirect('/login');
}

/** Gives the member another password; all his other sessions end. */
export async function changePassword(form: FormData): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('self:change');
  const wish = passwordForm.safeParse(Object.fromEntries(form));
  if (!wish.success) return unreadable;
  return told(await changeOwnPassword(await house(), actor, { ...wish.data, token: await ownToken() }));
}

const unreadable: Act = { isDone: false, problem: 'This cannot be read.' };

function told(wish: Wish<unknown>): Act {
  revalidatePath('/me');
  return wish.isDone ? { isDone: true } : wish;
}
