import { tagsForm } from '../../contract/account-words.ts';
import { type AccountId, unassignedVendor } from '../../domain/account.ts';
import { minorFromMajor } from '../../domain/money.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Sql } from '../../ports/sql.ts';
import { replaceTags } from '../../store/account-words.ts';
import { announceChanged } from '../../store/live.ts';
import { insertAudit } from '../../store/members.ts';
import { assignVendor, lockAccount, writeOperatorLimit } from '../../store/operator.ts';
import { recordStandings } from '../../store/standings.ts';
import { recordTransitions } from '../../store/transitions.ts';

/** What an operator may say of an account; what is left out stays as it is. */
export interface AccountWish {
  /** `Unassigned` takes the account away from its vendor. */
  vendor?: string | undefined;
  /** In major units of its currency, or `none` to take the word back. */
  dailyLimit?: string | undefined;
  /** These tags and no others; one text with commas, or a list. */
  tags?: string | readonly string[] | undefined;
}

/** What a written limit is in minor units (null = none), or why it is no amount. */
export function readLimit(
  text: string,
  currency: string,
): { minor: number | null; problem: null } | { problem: string } {
  const minor = text === 'none' ? null : minorFromMajor(text, currency);
  return text !== 'none' && minor === null
    ? { problem: `"${text}" is no amount in ${currency}; write for example 250 or 249.50, or none.` }
    : { minor, problem: null };
}

/** The tags that are meant, or why they cannot be. */
export function readTags(
  tags: string | readonly string[],
): { tags: string[]; problem: null } | { problem: string } {
  const read = tagsForm.shape.tags.safeParse(tags);
  return read.success
    ? { tags: read.data, problem: null }
    : { problem: read.error.issues[0]?.message ?? 'These tags cannot be read.' };
}

/**
 * Does it, inside the caller's transaction: written down, audited, told to open boards. A limit that counts from now on is a
 * change like any other, but wakes nobody. Answers what cannot be done, or null; nothing has been written then.
 */
export async function fulfilWish(
  sql: Sql,
  { actor, at }: { actor: Actor; at: number },
  accountId: AccountId,
  wish: AccountWish,
): Promise<string | null> {
  const account = await lockAccount(sql, accountId);
  if (account === null) return `There is no account ${accountId}.`;
  const { dailyLimit, vendor } = wish;
  const limit = dailyLimit === undefined ? null : readLimit(dailyLimit, account.currency);
  if (limit !== null && limit.problem !== null) return limit.problem;
  const tags = wish.tags === undefined ? null : readTags(wish.tags);
  if (tags !== null && tags.problem !== null) return tags.problem;
  // Nothing has been written so far, so a wrong wish leaves all as it was.
  const owner = vendor === unassignedVendor ? null : vendor;
  if (owner !== undefined && !(await assignVendor(sql, account.no, owner)))
    return `There is no vendor "${vendor}"; add it with: vendor add "${vendor}"`;
  if (limit !== null) {
    const { minor } = limit;
    const [from, to] = [
      account.operatorLimitMinor ?? account.metaLimitMinor,
      minor ?? account.metaLimitMinor,
    ];
    await writeOperatorLimit(sql, account.no, minor);
    await recordStandings(sql, [account.no], at);
    const change = { kind: 'daily_limit_changed', fromMinor: from, toMinor: to } as const;
    if (from !== to) await recordTransitions(sql, [{ accountNo: account.no, change }], at);
  }
  if (tags !== null) await replaceTags(sql, account.no, tags.tags);
  const detail = { accountId, ...wish, ...(tags === null ? {} : { tags: tags.tags }) };
  await insertAudit(sql, { at, actor: actor.name, action: 'account.set', detail });
  await announceChanged(sql, [accountId]);
  return null;
}
