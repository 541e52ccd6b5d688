import type { RulesView } from '../../contract/rules.ts';
import type { Actor } from '../../domain/permissions.ts';
import { alertKinds, kindRuleOf } from '../../domain/rules.ts';
import type { Database } from '../../ports/sql.ts';
import { listNamedRules } from '../../store/alert-rules.ts';
import { listVendorNames } from '../../store/operator.ts';
import { mustBeAllowed } from '../refusal.ts';

/** Every kind of alert with what counts untuned, and what was tuned. Throws `Refused`. */
export async function readRules(
  { database: { sql } }: { database: Pick<Database, 'sql'> },
  actor: Actor,
): Promise<RulesView> {
  mustBeAllowed(actor, 'rules:change');
  const named = await listNamedRules(sql);
  const rules = alertKinds.map((kind) => {
    const { about, severity, thresholds } = kindRuleOf(kind);
    return {
      ...{ kind, about, severity },
      thresholds: Object.entries(thresholds).map(([name, threshold]) => ({ name, ...threshold })),
      tuned: named
        .filter((rule) => rule.kind === kind)
        .map(({ kind: _, updatedBy: by, updatedAt: at, ...rule }) => ({ ...rule, by, at })),
    };
  });
  return { rules, vendors: await listVendorNames(sql) };
}
