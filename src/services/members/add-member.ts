import type { Actor, Role } from '../../domain/permissions.ts';
import { insertAudit, insertMember } from '../../store/members.ts';
import { mustBeAllowed } from '../refusal.ts';
import { makeCredentials } from './make-credentials.ts';
import type { MembersDeps, Wish } from './members-deps.ts';

/** Adds a member who can sign in at once. Throws `Refused` when the actor may not. */
export async function addMember(
  deps: MembersDeps,
  actor: Actor,
  given: { email: string; role: Role; password: string },
): Promise<Wish<{ id: string; email: string }>> {
  mustBeAllowed(actor, 'members:change');
  const credentials = await makeCredentials(deps.signIn, given);
  if (!credentials.isDone) return credentials;
  const { email, passwordHash } = credentials.value;
  const at = await deps.clock.now();
  const id = await deps.database.transaction(async (sql) => {
    const added = await insertMember(sql, { email, role: given.role, passwordHash, at });
    if (added !== null) {
      const detail = { email, role: given.role };
      await insertAudit(sql, { at, actor: actor.name, action: 'member.added', detail });
    }
    return added;
  });
  return id === null
    ? { isDone: false, problem: `${email} is a member already.` }
    : { isDone: true, value: { id, email } };
}
