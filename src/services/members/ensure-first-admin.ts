import type { Sql } from '../../ports/sql.ts';
import { hasAdmin, insertAudit, insertMember, lockFirstAdmin } from '../../store/members.ts';
import { deleteUnusedLinks, replaceLink } from '../../store/one-time-links.ts';
import { makeCredentials } from './make-credentials.ts';
import type { MembersDeps } from './members-deps.ts';

const linkLifeMs = 24 * 3_600_000;

export type FirstAdmin =
  | { kind: 'exists' }
  | { kind: 'created'; email: string }
  /** `url` is a secret till it is used: print it, never log it. */
  | { kind: 'link'; url: string; expiresAt: number };

/**
 * Makes sure at every start that somebody can get in: by the environment's admin, or by a new set-up link that works once.
 * Throws with a sentence that names ADMIN_EMAIL and ADMIN_PASSWORD when those cannot be taken.
 */
export async function ensureFirstAdmin(
  deps: MembersDeps & { config: { appUrl: URL; admin: { email: string; password: string } | null } },
): Promise<FirstAdmin> {
  const { admin, appUrl } = deps.config;
  const isNeeded = !(await hasAdmin(deps.database.sql));
  const credentials = isNeeded && admin !== null ? await makeCredentials(deps.signIn, admin) : null;
  if (credentials?.isDone === false) {
    throw new Error(`ADMIN_EMAIL and ADMIN_PASSWORD cannot be taken: ${credentials.problem}`);
  }
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql): Promise<FirstAdmin> => {
    await lockFirstAdmin(sql);
    if (await hasAdmin(sql)) {
      await deleteUnusedLinks(sql, 'first_admin');
      return { kind: 'exists' };
    }
    if (credentials?.isDone) {
      const { email } = credentials.value;
      const id = await insertFirstAdmin(sql, credentials.value, { at, actor: 'environment' });
      if (id === null) throw new Error(`ADMIN_EMAIL: ${email} is a member already, and not an admin.`);
      return { kind: 'created', email };
    }
    const { token, digest } = deps.signIn.newToken();
    const expiresAt = at + linkLifeMs;
    await replaceLink(sql, { digest, purpose: 'first_admin', at, expiresAt });
    return { kind: 'link', url: new URL(`/setup?token=${token}`, appUrl).href, expiresAt };
  });
}

/** Adds the first admin and ends every other way to become one; null when the e-mail is taken. */
export async function insertFirstAdmin(
  sql: Sql,
  credentials: { email: string; passwordHash: string },
  by: { at: number; actor: string },
): Promise<string | null> {
  const { email, passwordHash } = credentials;
  const id = await insertMember(sql, { email, role: 'admin', passwordHash, at: by.at });
  if (id === null) return null;
  await deleteUnusedLinks(sql, 'first_admin');
  await insertAudit(sql, { at: by.at, actor: by.actor, action: 'member.first_admin', detail: { email } });
  return id;
}
