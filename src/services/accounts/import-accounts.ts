import type { ImportAnswer, ImportLine } from '../../contract/fleet.ts';
import { type AccountId, unassignedVendor } from '../../domain/account.ts';
import { type ImportRow, readImport } from '../../domain/account-import.ts';
import { majorText } from '../../domain/money.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Sql } from '../../ports/sql.ts';
import { type AwaitedRow, type FleetRow, listAwaited, lockFleet } from '../../store/fleet.ts';
import { insertAudit } from '../../store/members.ts';
import { listVendorNames } from '../../store/operator.ts';
import type { ActDeps } from '../alerts/acts.ts';
import { mustBeAllowed } from '../refusal.ts';
import { type AccountWish, fulfilWish, readLimit, readTags } from './account-wish.ts';
import { writeWish } from './await-account.ts';

/** A row with the wish that it is, once it is understood. */
interface Planned {
  line: ImportLine;
  accountId: AccountId | null;
  wish: AccountWish;
}

/**
 * Reads a list of accounts with vendors, limits and tags. Without `apply` it only tells what each row would change; with it, all
 * good rows are written in one transaction, and the rows that are wrong are told and left out. Throws `Refused`.
 */
export async function importAccounts(
  deps: ActDeps,
  actor: Actor,
  { list, apply }: { list: string; apply: boolean },
): Promise<ImportAnswer> {
  mustBeAllowed(actor, 'accounts:change');
  const read = readImport(list);
  if (!read.isDone) return read;
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql): Promise<ImportAnswer> => {
    const planned = await plan(sql, read.rows);
    const answer = { isDone: true, lines: planned.map(({ line }) => line), ignored: read.ignored } as const;
    if (!apply) return { ...answer, isApplied: false };
    for (const { line, accountId, wish } of planned) {
      if (accountId === null || line.fate === 'wrong' || line.fate === 'same') continue;
      const write = line.fate === 'awaited' ? writeWish : fulfilWish;
      const problem = await write(sql, { actor, at }, accountId, wish);
      // The plan has held the rows since it looked: what it called good is good.
      if (problem !== null) throw new Error(`import of ${accountId}: ${problem}`);
    }
    const count = (fate: ImportLine['fate']) => answer.lines.filter((line) => line.fate === fate).length;
    const detail = { changed: count('changes'), awaited: count('awaited'), wrong: count('wrong') };
    await insertAudit(sql, { at, actor: actor.name, action: 'account.imported', detail });
    return { ...answer, isApplied: true };
  });
}

async function plan(sql: Sql, rows: readonly ImportRow[]): Promise<Planned[]> {
  const ids = rows.flatMap(({ accountId }) => (accountId === null ? [] : [accountId]));
  const known = new Map((await lockFleet(sql, ids)).map((row) => [row.accountId, row]));
  const awaited = new Map((await listAwaited(sql, ids)).map((row) => [row.accountId, row]));
  const vendors = await listVendorNames(sql);
  return rows.map((row) => {
    const { accountId } = row;
    if (row.problem !== null || accountId === null) return wrong(row, row.problem ?? '');
    const account = known.get(accountId) ?? null;
    const wish = wishOf(row, vendors);
    const problem = problemOf(row, wish, vendors, account?.currency ?? 'USD');
    if (problem !== null) return wrong(row, problem, account);
    const before = account === null ? standingOf(awaited.get(accountId)) : standing(account);
    const changes = changesOf(before, wish, account?.currency ?? null);
    const isNew = account === null && !awaited.has(accountId);
    const fate = changes.length === 0 && !isNew ? 'same' : account === null ? 'awaited' : 'changes';
    const merged = account === null ? { ...wordsOf(awaited.get(accountId)), ...wish } : wish;
    return { accountId, wish: merged, line: { ...lineOf(row, account), fate, changes, problem: null } };
  });
}

function wrong(row: ImportRow, problem: string, account: FleetRow | null = null): Planned {
  const line = { ...lineOf(row, account), fate: 'wrong', changes: [], problem } as const;
  return { accountId: null, wish: {}, line };
}

function lineOf({ line, given, accountId }: ImportRow, account: FleetRow | null) {
  return { line, account: accountId ?? given.slice(0, 40), name: account?.name ?? null };
}

/** Vendors are meant whatever the case of their letters. */
function wishOf({ vendor, dailyLimit, tags }: ImportRow, vendors: readonly string[]): AccountWish {
  const meant = vendor === null ? undefined : vendor.toLowerCase();
  const named = [...vendors, unassignedVendor].find((name) => name.toLowerCase() === meant);
  return {
    ...(vendor === null ? {} : { vendor: named ?? vendor }),
    ...(dailyLimit === null ? {} : { dailyLimit }),
    // In a file with commas, tags are told apart by semicolons or bars too.
    ...(tags === null ? {} : { tags: tags.toLowerCase() === 'none' ? '' : tags.replaceAll(/[;|]/g, ',') }),
  };
}

function problemOf(
  row: ImportRow,
  { vendor, dailyLimit, tags }: AccountWish,
  vendors: readonly string[],
  currency: string,
): string | null {
  if (row.vendor !== null && vendor !== unassignedVendor && !vendors.includes(vendor ?? ''))
    return `There is no vendor “${row.vendor.slice(0, 100)}”: add it under Vendors first, or correct the name.`;
  const limit = dailyLimit === undefined ? null : readLimit(dailyLimit, currency);
  const read = tags === undefined ? null : readTags(tags);
  return limit?.problem ?? read?.problem ?? null;
}

/** What is entered now, in the words of the preview. */
interface Standing {
  vendor: string;
  dailyLimit: string;
  tags: string;
}

function standing({ vendor, operatorLimitMinor, currency, tags }: FleetRow): Standing {
  return {
    vendor: vendor ?? unassignedVendor,
    dailyLimit: operatorLimitMinor === null ? 'none' : majorText(operatorLimitMinor, currency),
    tags: tags.join(', '),
  };
}

function standingOf(awaited: AwaitedRow | undefined): Standing {
  const { vendor = null, dailyLimit = null, tags = [] } = awaited ?? {};
  return { vendor: vendor ?? unassignedVendor, dailyLimit: dailyLimit ?? 'none', tags: tags.join(', ') };
}

function wordsOf(awaited: AwaitedRow | undefined): AccountWish {
  if (awaited === undefined) return {};
  const { vendor, dailyLimit, tags } = awaited;
  return { vendor: vendor ?? undefined, dailyLimit: dailyLimit ?? undefined, tags };
}

function changesOf(before: Standing, wish: AccountWish, currency: string | null): ImportLine['changes'] {
  const limit = wish.dailyLimit === undefined ? undefined : amountOf(wish.dailyLimit, currency);
  const read = wish.tags === undefined ? undefined : readTags(wish.tags);
  const tags = read === undefined || read.problem !== null ? undefined : read.tags.join(', ');
  const changes: ImportLine['changes'][number][] = [];
  const note = (what: ImportLine['changes'][number]['what'], from: string, to: string | undefined) => {
    if (to !== undefined && to !== from) changes.push({ what, from: from || 'none', to: to || 'none' });
  };
  note('vendor', before.vendor, wish.vendor);
  note('daily limit', before.dailyLimit, limit);
  note('tags', before.tags, tags);
  return changes.map((change) =>
    change.what === 'daily limit' && currency !== null
      ? { ...change, from: inCurrency(change.from, currency), to: inCurrency(change.to, currency) }
      : change,
  );
}

/** As it will be stored: `250` of dollars is `250.00`. */
function amountOf(text: string, currency: string | null): string {
  const limit = currency === null ? null : readLimit(text, currency);
  if (limit === null || limit.problem !== null || limit.minor === null || currency === null) return text;
  return majorText(limit.minor, currency);
}

const inCurrency = (amount: string, currency: string): string =>
  amount === 'none' ? amount : `${amount} ${currency}`;
