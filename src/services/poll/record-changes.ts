import { endedByRestore, mostSingleAlerts, type AlertKind, type Severity } from '../../domain/alert.ts';
import { flappingWindowMs, isFlapping } from '../../domain/alert-life.ts';
import {
  accountAlertWords,
  flappingWords,
  supersededWords,
  type AccountFacts,
} from '../../domain/alert-words.ts';
import { alertKindOf, isPaymentDue, isRestore } from '../../domain/change-alert.ts';
import { tunerOf, type Tuner } from '../../domain/rules.ts';
import { isDelivering, isDown } from '../../domain/status.ts';
import { deriveChanges, type Change, type Known } from '../../domain/transition.ts';
import type { Sql } from '../../ports/sql.ts';
import type { KnownAccount } from '../../store/accounts.ts';
import { listRules } from '../../store/alert-rules.ts';
import { listFlapping, listTold } from '../../store/alert-life.ts';
import { endAlert, leaveAlerts, listOpenAbout } from '../../store/alerts.ts';
import { countStatusChanges, recordTransitions } from '../../store/transitions.ts';
import { raiseAlerts, withholdAlert, type Alarm } from '../alerts/raise.ts';
import { resolveAlert } from '../alerts/resolve-alert.ts';
import { tellAgain } from '../alerts/tell.ts';
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
export async function recordChanges(
  sql: Sql,
  changes: readonly AccountChange[],
  at: number,
  dueAt: number = at,
): Promise<void> {
  if (changes.length === 0) return;
  const ids = await recordTransitions(sql, changes, at);
  const tuned = tunerOf(await listRules(sql));
  const flapping = await findFlapping(sql, changes, tuned, at);
  const heard = await endWhatIsOver(sql, changes, flapping, at);
  const groups = new Map<string, { kind: AlertKind; severity: Severity; alarms: Alarm[] }>();
  const withheld: Withheld[] = [];
  const restless: Restless[] = [];
  changes.forEach((change, index) => {
    const kind = alertKindOf(change.change, change.facts.currency, (of) => tuned(of, change));
    const transitionId = ids[index];
    if (transitionId === undefined) return;
    const isQuiet = change.change.kind === 'status_changed' && flapping.has(change.accountNo);
    if (isQuiet) restless.push(toAlarm('account_flapping', change, transitionId, nobody));
    if (kind === null) return;
    const { severity } = tuned(kind, change);
    const alarm = toAlarm(kind, change, transitionId, heard.get(change.accountNo) ?? nobody);
    if (isQuiet) {
      withheld.push({ kind, severity, alarm });
      return;
    }
    const group = groups.get(`${kind} ${severity}`) ?? { kind, severity, alarms: [] };
    group.alarms.push(alarm);
    groups.set(`${kind} ${severity}`, group);
  });
  for (const { kind, severity, alarms } of groups.values())
    await raiseAlerts(sql, kind, severity, alarms, at, dueAt);
  for (const { kind, severity, alarm } of withheld) await withholdAlert(sql, kind, severity, alarm, at);
  await tellFlapping(sql, restless, tuned, at, dueAt);
}

type Restless = Alarm & { vendorId: number | null };

interface Withheld {
  kind: AlertKind;
  severity: Severity;
  alarm: Restless;
}

/**
 * The accounts whose status changes so often that each change is no news. Where nobody wants to hear that an account flaps,
 * each change is told: withheld, it would never be.
 */
async function findFlapping(
  sql: Sql,
  changes: readonly AccountChange[],
  tuned: Tuner,
  at: number,
): Promise<Set<number>> {
  const moved = changes.filter(({ change }) => change.kind === 'status_changed');
  if (moved.length === 0) return new Set();
  const nos = moved.map(({ accountNo }) => accountNo);
  const counts = await countStatusChanges(sql, nos, at - flappingWindowMs);
  const flaps = (change: AccountChange) =>
    isFlapping(counts.get(change.accountNo) ?? 0) && tuned('account_flapping', change).isOn;
  const known = await listFlapping(sql, nos);
  return new Set([...known, ...moved.filter(flaps).map(({ accountNo }) => accountNo)]);
}

/**
 * One message that an account flaps; what it does is told again once it has been stable for a while. A change that deserves
 * no alert of its own counts as well: what it has ended was not told.
 */
async function tellFlapping(
  sql: Sql,
  restless: readonly Restless[],
  tuned: Tuner,
  at: number,
  dueAt: number,
): Promise<void> {
  if (restless.length === 0) return;
  const told = await listFlapping(
    sql,
    restless.map(({ accountNo }) => accountNo),
  );
  for (const alarm of restless) {
    if (told.includes(alarm.accountNo)) continue;
    const { severity } = tuned('account_flapping', alarm);
    const flapping = {
      ...alarm,
      transitionId: null,
      words: flappingWords(alarm.words),
      isLasting: true,
    };
    await raiseAlerts(
      sql,
      'account_flapping',
      severity === 'info' ? 'warning' : severity,
      [flapping],
      at,
      dueAt,
    );
  }
}

function toAlarm(
  kind: AlertKind,
  { accountNo, vendorId, change, facts }: AccountChange,
  transitionId: number,
  heard: Heard,
): Restless {
  const words = accountAlertWords(kind, change, facts);
  return { accountNo, vendorId, facts, words, cause: transitionId, transitionId, isLasting: false, ...heard };
}

/** Who heard of an account's trouble: of its end as well, or of a wave that goes on for others. */
type Heard = Pick<Alarm, 'toldBefore' | 'toldAlready'>;
const nobody: Heard = { toldBefore: [], toldAlready: [] };

/** Ends the alerts that a change makes untrue, and tells those who got them. Answers, by account, who has heard what. */
async function endWhatIsOver(
  sql: Sql,
  changes: readonly AccountChange[],
  flapping: ReadonlySet<number>,
  at: number,
): Promise<Map<number, Heard>> {
  const heard = new Map<number, Heard>();
  // Of many that are back at once, people get one message.
  const isOfMany = changes.filter(isReturn).length > mostSingleAlerts;
  for (const { accountNo, change, facts } of changes) {
    if (change.kind === 'access_regained') await endOver(sql, accountNo, 'access_lost', at);
    if (change.kind === 'daily_limit_changed' && isStepUp(change))
      await endOver(sql, accountNo, 'daily_limit_cut', at);
    if (change.kind === 'spend_cap_changed' && isStepUp(change))
      await endOver(sql, accountNo, 'spend_cap_cut', at);
    if (change.kind !== 'status_changed') continue;
    const isQuiet = flapping.has(accountNo);
    const { fromCode, toCode } = change;
    if (isReturn({ change })) {
      const { over, told: toldBefore } = await leaveAlerts(sql, accountNo, endedByRestore, at);
      const toldAlready: number[] = [];
      for (const alertId of over) {
        const told = await listTold(sql, alertId);
        const words = accountAlertWords('account_restored', change, facts);
        if (isQuiet) await endAlert(sql, alertId, at);
        else toldAlready.push(...(await resolveAlert(sql, alertId, at, { words, isOfMany })));
        toldBefore.push(...told);
      }
      heard.set(accountNo, { toldBefore: toldBefore.filter((id) => !toldAlready.includes(id)), toldAlready });
    }
    if (isDown(toCode)) await supersede(sql, accountNo, at);
    if (!isPaymentDue(fromCode) || isPaymentDue(toCode)) continue;
    for (const alertId of await listOpenAbout(sql, 'payment_warning', [accountNo]))
      // What is worse than a payment that is due speaks for itself.
      await (isDelivering(toCode) && !isQuiet ? resolveAlert : endAlert)(sql, alertId, at);
  }
  return heard;
}

/**
 * An account is down in a new way, or again: what is open about its being down gives way to the new alert, so that one trouble
 * is never two open alerts. People hear the new one; of the old one's end, only receivers that keep each alert as a thing of
 * its own.
 */
async function supersede(sql: Sql, accountNo: number, at: number): Promise<void> {
  const { over } = await leaveAlerts(sql, accountNo, endedByRestore, at);
  for (const alertId of over) {
    await endAlert(sql, alertId, at);
    await tellAgain(
      sql,
      alertId,
      { purpose: 'resolved', words: supersededWords, at },
      ({ keepsIncidents, vendorId }) => keepsIncidents && vendorId === null,
    );
  }
}

function isReturn({ change }: Pick<AccountChange, 'change'>): boolean {
  return change.kind === 'status_changed' && isRestore(change.fromCode, change.toCode);
}

/** A cut is made good by any step up, or by the limit's removal. */
function isStepUp({ fromMinor, toMinor }: { fromMinor: number | null; toMinor: number | null }): boolean {
  return toMinor === null || (fromMinor !== null && toMinor > fromMinor);
}

async function endOver(sql: Sql, accountNo: number, kind: AlertKind, at: number): Promise<void> {
  for (const alertId of (await leaveAlerts(sql, accountNo, [kind], at)).over)
    await resolveAlert(sql, alertId, at);
}
