import { revalidatePath } from 'next/cache';
import type { z } from 'zod';
import type { Action, Actor } from '../../../domain/permissions.ts';
import { requireActor, requireOwnPage } from '../../../server/guard.ts';
import { type Deps, house } from '../../../server/house.ts';
import type { Act } from '../../../services/alerts/acts.ts';
import type { Wish } from '../../../services/members/members-deps.ts';

export const unreadable: Act = { isDone: false, problem: 'This cannot be read: fill in every field.' };

/** One wish of an admin's form: from where it comes and who asks, what it says, the verb, the page drawn anew. */
export async function wishOf<Schema extends z.ZodType>(
  { action, page, schema, form }: { action: Action; page: string; schema: Schema; form: FormData },
  verb: (deps: Deps, actor: Actor, given: z.output<Schema>) => Promise<Wish<unknown>>,
): Promise<Act> {
  await requireOwnPage();
  const actor = await requireActor(action);
  const given = schema.safeParse(Object.fromEntries(form));
  if (!given.success) return unreadable;
  const done = await verb(await house(), actor, given.data);
  revalidatePath(page);
  return done.isDone ? { isDone: true } : done;
}
