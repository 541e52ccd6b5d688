import { endedByRestore, type AlertKind, type Severity } from '../../domain/alert.ts';
import { accountAlertWords, type AccountFacts } from '../../domain/alert-words.ts';
import { alertKindOf, isPaymentDue, isRestore } from '../../domain/change-alert.ts';
import { tunerOf } from '../../domain/rules.ts';
import { isDelivering } from '../../domain/status.ts';
import { deriveChanges, type Change, type Known } from '../../domain/transition.ts';
import type { Sql } from '../../ports/sql.ts';
import type { KnownAccount } from '../../store/accounts.ts';
import { listRules } from '../../store/alert-rules.ts';
import { endAlert, listOpenAbout, resolveAccountAlerts } from '../../store/alerts.ts';
import { recordTransitions } from '../../store/transitions.ts';
import { raiseAlerts, type Alarm } from '../alerts/raise.ts';
import { resolveAlert } from '../alerts/resolve-alert.ts';
import { factsOf, toKnown } from './known.ts';

/** A change of one account, with the facts that a message about it will name. */
export interface AccountChange {
  accountNo: number;
  vendorId: number | null;
  change: Change;
  facts: AccountFacts;
  /** When what was before was last seen (epoch ms); null when never. */
  lastSeenAt: number | null;
}

/** What it changes that something else is known of an account now; everything not given stays as it was. */
export function changesOf(row: KnownAccount, news: Partial<Known>): AccountChange[] {
  const before = toKnown(row);
  const after = { ...before, ...news };
  const facts = factsOf(row, { ...after, ...row });
  return deriveChanges(before, after).map((change) => ({
    accountNo: row.no,
    vendorId: row.vendorId,
    change,
    facts,
    lastSeenAt: row.observedAt,
  }));
}

/**
 * Writes changes down with all that follows from them: transitions, the alerts they deserve, and one delivery per channel
 * that must hear. Runs inside the transaction that writes the reading itself, so that all of it happens or nothing.
 */
export async function recordChanges(sql: Sql, changes: readonly AccountChange[], at: number): Promise<void> {
  if (changes.length === 0) return;
  const ids = await recordTransitions(sql, changes, at);
  const told = await endWhatIsOver(sql, changes, at);
  const tuned = tunerOf(await listRules(sql));
  const groups = new Map<string, { kind: AlertKind; severity: Severity; alarms: Alarm[] }>();
  changes.forEach((change, index) => {
    const kind = alertKindOf(change.change, change.facts.currency, (of) => tuned(of, change));
    const transitionId = ids[index];
    if (kind === null || transitionId === undefined) return;
    const { severity } = tuned(kind, change);
    const group = groups.get(`${kind} ${severity}`) ?? { kind, severity, alarms: [] };
    group.alarms.push(toAlarm(kind, change, transitionId, told.get(change.accountNo) ?? []));
    groups.set(`${kind} ${severity}`, group);
  });
  for (const { kind, severity, alarms } of groups.values())
    await raiseAlerts(sql, kind, severity, alarms, at);
}

function toAlarm(
  kind: AlertKind,
  { accountNo, change, facts }: AccountChange,
  transitionId: number,
  toldBefore: readonly number[],
): Alarm {
  const words = accountAlertWords(kind, change, facts);
  return { accountNo, facts, words, cause: transitionId, transitionId, isLasting: false, toldBefore };
}

/** Ends the alerts that a change makes untrue. Answers, by account, who had been told of what a restored one ends. */
async function endWhatIsOver(
  sql: Sql,
  changes: readonly AccountChange[],
  at: number,
): Promise<Map<number, number[]>> {
  const told = new Map<number, number[]>();
  for (const { accountNo, change } of changes) {
    if (change.kind === 'access_regained') await resolveAccountAlerts(sql, accountNo, ['access_lost'], at);
    if (change.kind !== 'status_changed') continue;
    const { fromCode, toCode } = change;
    if (isRestore(fromCode, toCode))
      told.set(accountNo, await resolveAccountAlerts(sql, accountNo, endedByRestore, at));
    if (!isPaymentDue(fromCode) || isPaymentDue(toCode)) continue;
    for (const alertId of await listOpenAbout(sql, 'payment_warning', [accountNo]))
      // What is worse than a payment that is due speaks for itself.
      await (isDelivering(toCode) ? resolveAlert : endAlert)(sql, alertId, at);
  }
  return told;
}
