import {
  alertKindOf,
  endedByRestore,
  mostSingleAlerts,
  severityOf,
  type AlertKind,
} from '../../domain/alert.ts';
import { accountAlertWords, massAlertWords, type AccountFacts } from '../../domain/alert-words.ts';
import { deriveChanges, type Change, type Known } from '../../domain/transition.ts';
import type { Sql } from '../../ports/sql.ts';
import type { KnownAccount } from '../../store/accounts.ts';
import { openAlert, resolveAccountAlerts, type NewAlert } from '../../store/alerts.ts';
import { recordTransitions } from '../../store/transitions.ts';
import { tellOf } from '../alerts/tell.ts';
import { factsOf, toKnown } from './known.ts';

/** A change of one account, with the facts that a message about it will name. */
export interface AccountChange {
  accountNo: number;
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
    change,
    facts,
    lastSeenAt: row.observedAt,
  }));
}

interface Alarming extends AccountChange {
  kind: AlertKind;
  transitionId: number;
}

/**
 * Writes changes down with all that follows from them: transitions, the alerts they deserve, and one delivery per channel
 * that must hear. Runs inside the transaction that writes the reading itself, so that all of it happens or nothing.
 */
export async function recordChanges(sql: Sql, changes: readonly AccountChange[], at: number): Promise<void> {
  if (changes.length === 0) return;
  const ids = await recordTransitions(sql, changes, at);
  for (const { accountNo, change } of changes)
    if (change.kind === 'access_regained') await resolveAccountAlerts(sql, accountNo, ['access_lost'], at);
  const byKind = new Map<AlertKind, Alarming[]>();
  changes.forEach((change, index) => {
    const kind = alertKindOf(change.change);
    const transitionId = ids[index];
    if (kind === null || transitionId === undefined) return;
    byKind.set(kind, [...(byKind.get(kind) ?? []), { ...change, kind, transitionId }]);
  });
  if (byKind.size === 0) return;
  for (const [kind, alarming] of byKind) {
    const groups = alarming.length > mostSingleAlerts ? [alarming] : alarming.map((one) => [one]);
    for (const group of groups) await raise(sql, kind, group, at);
  }
}

async function raise(sql: Sql, kind: AlertKind, group: readonly Alarming[], at: number): Promise<void> {
  const toldBefore: number[] = [];
  if (kind === 'account_restored')
    for (const { accountNo } of group)
      toldBefore.push(...(await resolveAccountAlerts(sql, accountNo, endedByRestore, at)));
  const alertId = await openAlert(sql, toAlert(kind, group), at);
  if (alertId !== null) await tellOf(sql, alertId, at, { toldBefore });
}

function toAlert(kind: AlertKind, group: readonly Alarming[]): NewAlert {
  const [first] = group;
  if (first === undefined) throw new Error('an alert needs an account');
  const words =
    group.length === 1
      ? accountAlertWords(kind, first.change, first.facts)
      : massAlertWords(
          kind,
          group.map(({ facts }) => facts),
        );
  return {
    ...words,
    kind,
    severity: severityOf(kind),
    key:
      group.length === 1
        ? `${first.facts.accountId}:${kind}:${first.transitionId}`
        : `mass:${kind}:${first.transitionId}`,
    connectionId: null,
    accounts: group.map(({ accountNo, transitionId }) => ({ accountNo, transitionId })),
  };
}
