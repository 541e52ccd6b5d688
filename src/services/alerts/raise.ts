import { mostSingleAlerts, type AlertKind, type Severity } from '../../domain/alert.ts';
import { massAlertWords, type AccountFacts, type AlertWords } from '../../domain/alert-words.ts';
import { routeAlert, type Reachable } from '../../domain/routing.ts';
import type { Sql } from '../../ports/sql.ts';
import { enqueueDeliveries, listReachable, openAlert } from '../../store/alerts.ts';

/** One account that people have to hear of. */
export interface Alarm {
  accountNo: number;
  facts: Pick<AccountFacts, 'accountId' | 'name' | 'vendor'>;
  /** What is said when it is told alone. */
  words: AlertWords;
  /** Names what happened, among all that happens of the kind. */
  cause: number | string;
  /** The change that it stems from; null for a condition. */
  transitionId: number | null;
  /** Whether it lasts until it is over, so that it cannot be told twice meanwhile. */
  isLasting: boolean;
  /** Channels that must hear in any case: they were told of what this ends. */
  toldBefore: readonly number[];
}

/** An alert that was opened, with the accounts that it is about. */
export interface Raised {
  alertId: number;
  accountNos: number[];
}

/**
 * Opens alerts of one kind and severity with a delivery for each channel that must hear: one for each account, or a single
 * one for all when there are more than ten. What has been told before is left out.
 */
export async function raiseAlerts(
  sql: Sql,
  kind: AlertKind,
  severity: Severity,
  group: readonly Alarm[],
  at: number,
): Promise<Raised[]> {
  const channels = await listReachable(sql);
  const parts = group.length > mostSingleAlerts ? [group] : group.map((one) => [one]);
  const raised: Raised[] = [];
  for (const part of parts) {
    const alertId = await raise(sql, kind, severity, part, channels, at);
    if (alertId !== null) raised.push({ alertId, accountNos: part.map(({ accountNo }) => accountNo) });
  }
  return raised;
}

async function raise(
  sql: Sql,
  kind: AlertKind,
  severity: Severity,
  group: readonly Alarm[],
  channels: readonly Reachable[],
  at: number,
): Promise<number | null> {
  const [first, ...others] = group;
  if (first === undefined) throw new Error('an alert needs an account');
  const isMass = others.length > 0;
  const facts = group.map((alarm) => alarm.facts);
  const alertId = await openAlert(
    sql,
    {
      ...(isMass ? massAlertWords(kind, facts) : first.words),
      ...{ kind, severity, connectionId: null },
      key: isMass ? `mass:${kind}:${first.cause}` : `${first.facts.accountId}:${kind}:${first.cause}`,
      subject: first.isLasting && !isMass ? `account:${first.accountNo}` : null,
      accounts: group.map(({ accountNo, transitionId }) => ({ accountNo, transitionId })),
    },
    at,
  );
  if (alertId === null) return null;
  const toldBefore = group.flatMap((alarm) => alarm.toldBefore);
  await enqueueDeliveries(sql, alertId, routeAlert(severity, channels, toldBefore), at);
  return alertId;
}
