'use server';

import { revalidatePath } from 'next/cache';
import { requireActor, requireOwnPage } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import { tagAccount } from '../../../../services/accounts/tag-account.ts';
import { writeNote } from '../../../../services/accounts/write-note.ts';
import type { Act } from '../../../../services/alerts/acts.ts';

/** Writes a note about an account. */
export async function addNote(accountId: string, words: string): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('notes:write');
  return told(await writeNote(await house(), actor, { account: accountId, words }));
}

/** Gives an account the tags of a text with commas, and no others. */
export async function setTags(accountId: string, tags: string): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor('notes:write');
  return told(await tagAccount(await house(), actor, { account: accountId, tags }));
}

function told(act: Act): Act {
  if (act.isDone) revalidatePath('/accounts/[id]', 'page');
  return act;
}
