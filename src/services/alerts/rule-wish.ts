import { parseAccountId } from '../../domain/account.ts';
import { severities, type AlertKind, type Severity } from '../../domain/alert.ts';
import { alertKinds, isAlertKind, kindRuleOf, parseThresholds, type AlertRule } from '../../domain/rules.ts';
import type { Sql } from '../../ports/sql.ts';
import { findVendorId, type RuleScope } from '../../store/alert-rules.ts';
import { findAccount } from '../../store/history.ts';

/** Whom a rule is to be about, by name; neither = all. */
export interface ScopeWish {
  vendor?: string | undefined;
  accountId?: string | undefined;
}

/** What an operator wants to be different about a kind. Left out = as it is; null = as the wider rule has it. */
export interface RuleWish extends ScopeWish {
  kind: string;
  isOn?: boolean | null | undefined;
  severity?: string | null | undefined;
  thresholds?: Readonly<Record<string, number | null>> | undefined;
}

/** Something that was asked for, or why it cannot be and what to do. */
export type Outcome<T> = { isDone: true; value: T } | { isDone: false; problem: string };

const refused = (problem: string) => ({ isDone: false, problem }) as const;

/** The kind that is named, when it can be tuned for that scope at all. */
export function parseKind({ kind, vendor, accountId }: RuleWish): Outcome<AlertKind> {
  if (!isAlertKind(kind))
    return refused(`There is no kind of alert "${kind}"; there are ${alertKinds.join(', ')}.`);
  const { about } = kindRuleOf(kind);
  if (about === 'house') return refused(`${kind} tells of ArbHub's own trouble and cannot be tuned.`);
  const isNarrow = vendor !== undefined || accountId !== undefined;
  if (about === 'connection' && isNarrow)
    return refused(`${kind} is about a whole connection: leave the vendor and the account out.`);
  return { isDone: true, value: kind };
}

/** Finds whom a rule is to be about. */
export async function findScope(sql: Sql, { vendor, accountId }: ScopeWish): Promise<Outcome<RuleScope>> {
  if (vendor !== undefined && accountId !== undefined)
    return refused('Name a vendor or an account, not both: the account has its vendor already.');
  if (vendor !== undefined) {
    const vendorId = await findVendorId(sql, vendor);
    return vendorId === null
      ? refused(`There is no vendor "${vendor}"; see: vendor list`)
      : { isDone: true, value: { vendorId, accountNo: null } };
  }
  if (accountId === undefined) return { isDone: true, value: { vendorId: null, accountNo: null } };
  const id = parseAccountId(accountId);
  if (id === null) return refused(`"${accountId}" is no account id: write it like act_1234567890.`);
  const found = await findAccount(sql, id);
  return found === null
    ? refused(`There is no account ${id}; see: account list`)
    : { isDone: true, value: { vendorId: null, accountNo: found.no } };
}

/** The rule of a scope after the wish: what stands there, with what is wished over it. */
export function foldWish(
  kind: AlertKind,
  scope: RuleScope,
  standing: AlertRule | null,
  wish: RuleWish,
): Outcome<AlertRule> {
  const { severity = standing?.severity ?? null, isOn = standing?.isOn ?? null } = wish;
  if (severity !== null && !isSeverity(severity))
    return refused(`"${severity}" is no severity; there are ${severities.join(', ')}.`);
  if (wish.severity !== undefined && kind === 'token_expiring')
    return refused('token_expiring is as severe as few days are left; it can be switched on and off.');
  const wished = Object.entries(wish.thresholds ?? {});
  const parsed = parseThresholds(kind, Object.fromEntries(wished.filter(([, value]) => value !== null)));
  if (!parsed.isDone) return parsed;
  // A threshold that is taken back must be one that there is, too.
  const known = Object.keys(kindRuleOf(kind).thresholds);
  const stray = wished.find(([name]) => !known.includes(name));
  if (stray !== undefined) return refused(`${kind} has no threshold "${stray[0]}".`);
  const thresholds = { ...standing?.thresholds, ...parsed.value };
  const kept = Object.entries(thresholds).filter(([name]) => wish.thresholds?.[name] !== null);
  return { isDone: true, value: { kind, ...scope, isOn, severity, thresholds: Object.fromEntries(kept) } };
}

function isSeverity(text: string): text is Severity {
  return (severities as readonly string[]).includes(text);
}
