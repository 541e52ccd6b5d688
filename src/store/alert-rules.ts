import type { AlertKind } from '../domain/alert.ts';
import type { AlertRule } from '../domain/rules.ts';
import type { Sql } from '../ports/sql.ts';

/** Whom a rule is about: all accounts (neither), a vendor's, or one. */
export type RuleScope = Pick<AlertRule, 'vendorId' | 'accountNo'>;

/** The rules that operators have set, of these kinds or of all; the oldest first. */
export async function listRules(sql: Sql, ofKinds: readonly AlertKind[] | null = null): Promise<AlertRule[]> {
  return sql<AlertRule>`
    select kind, vendor_id as "vendorId", account_no as "accountNo", is_on as "isOn", severity, thresholds
    from alert_rules where ${ofKinds}::text[] is null or kind = any (${ofKinds}::text[]) order by id`;
}

/** A rule with the names of whom it is about. `updatedAt` is epoch ms. */
export interface NamedRule extends Omit<AlertRule, 'vendorId' | 'accountNo'> {
  vendor: string | null;
  accountId: string | null;
  updatedBy: string;
  updatedAt: number;
}

/** The rules as people read them: all's before vendors', those before accounts'. */
export async function listNamedRules(sql: Sql): Promise<NamedRule[]> {
  return sql<NamedRule>`
    select r.kind, v.name as vendor, a.account_id as "accountId", r.is_on as "isOn", r.severity, r.thresholds,
      r.updated_by as "updatedBy", r.updated_at as "updatedAt"
    from alert_rules r left join vendors v on v.id = r.vendor_id left join accounts a on a.no = r.account_no
    order by r.kind, a.account_id nulls first, v.name nulls first`;
}

/** The rule of exactly this scope, held till the transaction ends; null when nothing is said there. */
export async function lockRule(sql: Sql, kind: AlertKind, scope: RuleScope): Promise<AlertRule | null> {
  const [row] = await sql<AlertRule>`
    select kind, vendor_id as "vendorId", account_no as "accountNo", is_on as "isOn", severity, thresholds
    from alert_rules
    where kind = ${kind} and (vendor_id, account_no) is not distinct from (${scope.vendorId}::int, ${scope.accountNo}::int)
    for update`;
  return row ?? null;
}

/** Writes what counts for a scope from now on, in place of what counted there before. */
export async function writeRule(sql: Sql, rule: AlertRule, by: string, at: number): Promise<void> {
  await sql`
    insert into alert_rules (kind, vendor_id, account_no, is_on, severity, thresholds, updated_by, updated_at)
    values (${rule.kind}, ${rule.vendorId}, ${rule.accountNo}, ${rule.isOn}, ${rule.severity},
      ${JSON.stringify(rule.thresholds)}::jsonb, ${by}, ${at})
    on conflict (kind, vendor_id, account_no) do update set is_on = excluded.is_on, severity = excluded.severity,
      thresholds = excluded.thresholds, updated_by = excluded.updated_by, updated_at = excluded.updated_at`;
}

/** Takes back what was said for a scope. */
export async function removeRule(sql: Sql, kind: AlertKind, scope: RuleScope): Promise<void> {
  await sql`
    delete from alert_rules
    where kind = ${kind} and (vendor_id, account_no) is not distinct from (${scope.vendorId}::int, ${scope.accountNo}::int)`;
}

/** The vendor of a name; null when there is none. */
export async function findVendorId(sql: Sql, name: string): Promise<number | null> {
  const [row] = await sql<{ id: number }>`select id from vendors where name = ${name}`;
  return row?.id ?? null;
}
