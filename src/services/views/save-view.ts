import { type SavedView, viewForm } from '../../contract/board-view.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { deleteView, listViews, upsertView } from '../../store/board-views.ts';
import { lockMember } from '../../store/members.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';

interface Deps {
  database: Pick<Database, 'sql' | 'transaction'>;
  clock: Pick<Clock, 'now'>;
}

const mostViews = 30;

/**
 * Saves a view of the actor's own, in the place of one with the same name; answers all his views. Not in the audit log: it is
 * how one person looks at things, and changes nothing for anybody else. Throws `Refused`.
 */
export async function saveView(deps: Deps, actor: Actor, wish: unknown): Promise<Wish<SavedView[]>> {
  mustBeAllowed(actor, 'accounts:read');
  const parsed = viewForm.safeParse(wish);
  if (!parsed.success) return problem(parsed.error.issues[0]?.message ?? 'This cannot be read.');
  const view = parsed.data;
  const createdAt = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const member = await lockMember(sql, actor.name);
    if (member === null) return problem('Only a member who is signed in can save views.');
    const known = await listViews(sql, actor.name);
    if (known.length >= mostViews && !known.some(({ name }) => name === view.name))
      return problem(`There is room for ${mostViews} views. Remove one first.`);
    await upsertView(sql, { ...view, memberId: member.id, createdAt });
    return { isDone: true, value: await listViews(sql, actor.name) };
  });
}

/** Removes one of the actor's own views; one that is not there is no fault. Answers those that are left. Throws `Refused`. */
export async function removeView(deps: Deps, actor: Actor, name: string): Promise<Wish<SavedView[]>> {
  mustBeAllowed(actor, 'accounts:read');
  return deps.database.transaction(async (sql) => {
    const member = await lockMember(sql, actor.name);
    if (member === null) return problem('Only a member who is signed in has views.');
    await deleteView(sql, member.id, name);
    return { isDone: true, value: await listViews(sql, actor.name) };
  });
}

function problem(words: string): { isDone: false; problem: string } {
  return { isDone: false, problem: words };
}
