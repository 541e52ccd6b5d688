import type { KeyView } from '../../contract/own-sign-in.ts';
import { type Actor, lesserRole, may, type Role } from '../../domain/permissions.ts';
import { insertApiKey, listApiKeys, revokeApiKeyRow, type KeyName } from '../../store/api-keys.ts';
import { insertAudit } from '../../store/members.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { MembersDeps, Wish } from './members-deps.ts';

/** Marks a key as ArbHub's, for people and for programs that look for lost secrets. */
const prefix = 'arbhub_';

/** Whose keys an actor may see and end: null = everybody's. */
const reachOf = (actor: Actor) => (may(actor, 'members:change') ? null : actor.name);

/** Makes a key that works at once. It is told this once; only its digest is kept. Throws `Refused`. */
export async function addApiKey(
  deps: MembersDeps,
  actor: Actor,
  given: { name: string; role: Role },
): Promise<Wish<{ name: string; role: Role; key: string }>> {
  mustBeAllowed(actor, 'keys:own');
  const { name, role } = given;
  if (!/^[^\p{C}\s](?:[^\p{C}]{0,58}[^\p{C}\s])?$/u.test(name))
    return { isDone: false, problem: 'A name has 1 to 60 characters, none of them invisible.' };
  if (role === 'admin') return { isDone: false, problem: 'A key has the role viewer or analyst.' };
  if (lesserRole(role, actor.role) !== role)
    return { isDone: false, problem: 'A key may not do more than whoever makes it.' };
  const key = `${prefix}${deps.signIn.newToken().token}`;
  const at = await deps.clock.now();
  const isAdded = await deps.database.transaction(async (sql) => {
    const digest = deps.signIn.digest(key);
    const added = await insertApiKey(sql, { name, role, digest, madeBy: actor.name, at });
    if (added !== null)
      await insertAudit(sql, { at, actor: actor.name, action: 'api_key.added', detail: { name, role } });
    return added !== null;
  });
  return isAdded
    ? { isDone: true, value: { name, role, key } }
    : {
        isDone: false,
        problem: `There is a key "${name}" already; revoke it first, or choose another name.`,
      };
}

/** The keys that work: an admin sees all, an analyst his own. Throws `Refused`. */
export async function readApiKeys(deps: Pick<MembersDeps, 'database'>, actor: Actor): Promise<KeyView[]> {
  mustBeAllowed(actor, 'keys:own');
  return listApiKeys(deps.database.sql, reachOf(actor));
}

/** The keys that work and that the actor has made himself. Throws `Refused`. */
export async function readOwnApiKeys(deps: Pick<MembersDeps, 'database'>, actor: Actor): Promise<KeyView[]> {
  mustBeAllowed(actor, 'keys:own');
  return listApiKeys(deps.database.sql, actor.name);
}

/** Ends a key; the next request with it is refused. An admin may end any, an analyst his own. Throws `Refused`. */
export async function revokeApiKey(
  deps: MembersDeps,
  actor: Actor,
  key: KeyName,
): Promise<Wish<{ name: string }>> {
  mustBeAllowed(actor, 'keys:own');
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql): Promise<Wish<{ name: string }>> => {
    const name = await revokeApiKeyRow(sql, key, { madeBy: reachOf(actor), at });
    if (name === null)
      return { isDone: false, problem: `There is no key "${'name' in key ? key.name : key.id}".` };
    await insertAudit(sql, { at, actor: actor.name, action: 'api_key.revoked', detail: { name } });
    return { isDone: true, value: { name } };
  });
}
