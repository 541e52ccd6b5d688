import { type AccountId, unassignedVendor } from '../../domain/account.ts';
import type { Actor } from '../../domain/permissions.ts';
import { minorFromMajor } from '../../domain/money.ts';
import type { Sql } from '../../ports/sql.ts';
import { findVendorId } from '../../store/alert-rules.ts';
import { takeAwaited, writeAwaited } from '../../store/fleet.ts';
import { insertAudit } from '../../store/members.ts';
import { findAccountNo } from '../../store/account-words.ts';
import type { ActDeps } from '../alerts/acts.ts';
import { mustBeAllowed } from '../refusal.ts';
import { type AccountWish, fulfilWish, readTags } from './account-wish.ts';

/**
 * Connections find their accounts by themselves, so nobody has to add one; but what is to count for an account can be entered
 * before it is found. Answers what cannot be done, or null. Throws `Refused`.
 */
export async function awaitAccount(
  deps: ActDeps,
  actor: Actor,
  accountId: AccountId,
  wish: AccountWish,
): Promise<string | null> {
  mustBeAllowed(actor, 'accounts:change');
  const at = await deps.clock.now();
  return deps.database.transaction((sql) => writeWish(sql, { actor, at }, accountId, wish));
}

/** The same inside the caller's transaction. */
export async function writeWish(
  sql: Sql,
  { actor, at }: { actor: Actor; at: number },
  accountId: AccountId,
  wish: AccountWish,
): Promise<string | null> {
  if ((await findAccountNo(sql, accountId)) !== null)
    return `${accountId} is found already: change it in the list.`;
  const problem = await whyNotAwaited(sql, wish);
  if (problem !== null) return problem;
  const read = readTags(wish.tags ?? []);
  const tags = read.problem === null ? read.tags : [];
  const vendor = wish.vendor === undefined || wish.vendor === unassignedVendor ? null : wish.vendor;
  const dailyLimit = wish.dailyLimit === undefined || wish.dailyLimit === 'none' ? null : wish.dailyLimit;
  await writeAwaited(sql, { accountId, vendor, dailyLimit, tags, addedBy: actor.name, addedAt: at });
  const detail = { accountId, vendor, dailyLimit, tags };
  await insertAudit(sql, { at, actor: actor.name, action: 'account.awaited', detail });
  return null;
}

/** What of a wish could never be done, or null. */
async function whyNotAwaited(sql: Sql, { vendor, dailyLimit, tags }: AccountWish): Promise<string | null> {
  if (vendor !== undefined && vendor !== unassignedVendor && (await findVendorId(sql, vendor)) === null)
    return `There is no vendor "${vendor}"; add it first.`;
  // Which currency it is in, nobody knows yet: an amount with cents is one in any.
  if (dailyLimit !== undefined && dailyLimit !== 'none' && minorFromMajor(dailyLimit, 'USD') === null)
    return `"${dailyLimit}" is no amount; write for example 250 or 249.50.`;
  const read = tags === undefined ? null : readTags(tags);
  return read === null ? null : read.problem;
}

/** Waits for an account no longer. Answers what cannot be done, or null. Throws `Refused`. */
export async function forgetAwaited(
  deps: ActDeps,
  actor: Actor,
  accountId: AccountId,
): Promise<string | null> {
  mustBeAllowed(actor, 'accounts:change');
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    if ((await takeAwaited(sql, [accountId])).length === 0) return `${accountId} is not waited for.`;
    await insertAudit(sql, { at, actor: actor.name, action: 'account.not_awaited', detail: { accountId } });
    return null;
  });
}

/** Accounts that were just found get what was entered for them, in the name of who entered it. */
export async function welcomeAwaited(
  sql: Sql,
  found: readonly { accountId: AccountId }[],
  at: number,
): Promise<void> {
  const awaited = await takeAwaited(
    sql,
    found.map(({ accountId }) => accountId),
  );
  for (const { accountId, vendor, dailyLimit, tags, addedBy } of awaited)
    await fulfilWish(sql, { actor: { role: 'admin', name: addedBy }, at }, accountId, {
      vendor: vendor ?? undefined,
      dailyLimit: dailyLimit ?? undefined,
      tags: tags.length === 0 ? undefined : tags,
    });
}
