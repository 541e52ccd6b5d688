import type { AlertRule } from '../../domain/rules.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { lockRule, removeRule, writeRule } from '../../store/alert-rules.ts';
import { insertAudit } from '../../store/members.ts';
import { mustBeAllowed } from '../refusal.ts';
import { findScope, foldWish, parseKind, type Outcome, type RuleWish } from './rule-wish.ts';

/**
 * Tunes a kind of alert for all accounts, a vendor's or one. A rule that says nothing any more is removed. Counts from the next
 * judgement on. Throws `Refused`.
 */
export async function setRule(
  deps: { database: Database; clock: Clock },
  actor: Actor,
  wish: RuleWish,
): Promise<Outcome<AlertRule>> {
  mustBeAllowed(actor, 'rules:change');
  const at = await deps.clock.now();
  return deps.database.transaction(async (sql) => {
    const kind = parseKind(wish);
    if (!kind.isDone) return kind;
    const scope = await findScope(sql, wish);
    if (!scope.isDone) return scope;
    const standing = await lockRule(sql, kind.value, scope.value);
    const folded = foldWish(kind.value, scope.value, standing, wish);
    if (!folded.isDone) return folded;
    const { isOn, severity, thresholds } = folded.value;
    const isEmpty = isOn === null && severity === null && Object.keys(thresholds).length === 0;
    if (isEmpty) await removeRule(sql, kind.value, scope.value);
    else await writeRule(sql, folded.value, actor.name, at);
    const { vendor = null, accountId = null } = wish;
    const detail = { kind: kind.value, vendor, accountId, isOn, severity, thresholds };
    await insertAudit(sql, { at, actor: actor.name, action: 'rule.set', detail });
    return folded;
  });
}
