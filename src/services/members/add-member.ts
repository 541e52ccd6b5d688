import type { Actor, Role } from '../../domain/permissions.ts';
import { findMember, insertAudit, insertMember } from '../../store/members.ts';
import { mustBeAllowed } from '../refusal.ts';
import { makeCredentials } from './make-credentials.ts';
import type { MembersDeps, Wish } from './members-deps.ts';
import { parseEmail } from './parse-email.ts';

/** Adds a member who can sign in at once. Throws `Refused` when the actor may not. */
export async function addMember(
  deps: MembersDeps,
  actor: Actor,
  given: { email: string; role: Role; password: string },
): Promise<Wish<{ id: string; email: string }>> {
  mustBeAllowed(actor, 'members:change');
  const known = parseEmail(given.email);
  // Before the password is kept: that of a member must not change by this.
  if (known !== null && (await findMember(deps.database.sql, known)) !== null) return isMember(known);
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
  return id === null ? isMember(email) : { isDone: true, value: { id, email } };
}

const isMember = (email: string): Wish<never> => ({
  isDone: false,
  problem: `${email} is a member already.`,
});
