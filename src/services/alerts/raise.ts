import { mostSingleAlerts, type AlertKind, type Severity } from '../../domain/alert.ts';
import { massAlertWords, type AccountFacts, type AlertWords } from '../../domain/alert-words.ts';
import type { Sql } from '../../ports/sql.ts';
import { markFlapping } from '../../store/alert-life.ts';
import { joinWave, lockFresh, lockWave, openAlert, rewordAlert } from '../../store/alerts.ts';
import { tellOf } from './tell.ts';

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
  /** Channels that must hear in any case: they were told of what this ends, and that goes on for others. */
  toldBefore: readonly number[];
  /** Channels that have heard of it already, by the end of what it ends. */
  toldAlready: readonly number[];
}

/** An alert that was opened, with the accounts that it is about. */
export interface Raised {
  alertId: number;
  accountNos: number[];
}

/** No cycle runs longer; what was opened before belongs to another one. */
const waveMs = 55_000;

/**
 * Opens alerts of one kind and severity and tells of them: one for each account, or a single one for all when there are more
 * than ten. Those that the same cycle has opened before and nobody has heard of join in, so that a wave is one message however
 * it arrives. What has been told before is left out. `dueAt` (epoch ms) gives the rest of the cycle time to join.
 */
export async function raiseAlerts(
  sql: Sql,
  kind: AlertKind,
  severity: Severity,
  group: readonly Alarm[],
  at: number,
  dueAt: number = at,
): Promise<Raised[]> {
  const accountNos = group.map(({ accountNo }) => accountNo);
  const wave = await lockWave(sql, kind, severity, at - waveMs);
  if (wave !== null) {
    await growWave(sql, kind, wave, group, []);
    return [{ alertId: wave, accountNos }];
  }
  const fresh = await lockFresh(sql, kind, severity, at - waveMs);
  if (group.length + fresh.length <= mostSingleAlerts) {
    const raised: Raised[] = [];
    for (const one of group) {
      const alertId = await open(sql, kind, severity, [one], at);
      if (alertId === null) continue;
      await tellOf(sql, alertId, at, { dueAt, ...heardOf([one]) });
      raised.push({ alertId, accountNos: [one.accountNo] });
    }
    return raised;
  }
  const alertId = await open(sql, kind, severity, group, at);
  if (alertId === null) return [];
  await growWave(sql, kind, alertId, [], fresh);
  await tellOf(sql, alertId, at, { dueAt, ...heardOf(group) });
  return [{ alertId, accountNos }];
}

/** Writes alerts down that nobody is told of as long as their account flaps. */
export async function withholdAlert(
  sql: Sql,
  kind: AlertKind,
  severity: Severity,
  alarm: Alarm,
  at: number,
): Promise<void> {
  const alertId = await open(sql, kind, severity, [alarm], at);
  if (alertId !== null) await markFlapping(sql, alertId);
}

async function growWave(
  sql: Sql,
  kind: AlertKind,
  waveId: number,
  group: readonly Alarm[],
  absorbed: readonly number[],
): Promise<void> {
  const accounts = group.map(({ accountNo, transitionId }) => ({ accountNo, transitionId }));
  await rewordAlert(sql, waveId, massAlertWords(kind, await joinWave(sql, waveId, accounts, absorbed)));
}

/** Who must hear in any case, and who has heard already. */
function heardOf(group: readonly Alarm[]): { toldBefore: number[]; toldAlready: number[] } {
  const already = group.map(({ toldAlready }) => new Set(toldAlready));
  return {
    toldBefore: group.flatMap(({ toldBefore }) => toldBefore),
    // In a wave only those have heard all who have heard of each.
    toldAlready: [...(already[0] ?? [])].filter((id) => already.every((told) => told.has(id))),
  };
}

async function open(
  sql: Sql,
  kind: AlertKind,
  severity: Severity,
  group: readonly Alarm[],
  at: number,
): Promise<number | null> {
  const [first, ...others] = group;
  if (first === undefined) throw new Error('an alert needs an account');
  const isMass = others.length > 0;
  // Growing it, which comes next, names the Business Managers.
  const facts = group.map((alarm) => ({ ...alarm.facts, business: null }));
  return openAlert(
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
}
