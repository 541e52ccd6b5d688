import type { Severity } from '../../domain/alert.ts';
import { conditionAlertWords, type AccountFacts, type ConditionDetail } from '../../domain/alert-words.ts';
import { afterOf, type ConditionKind, type SlotFacts } from '../../domain/conditions.ts';
import { costPerClick } from '../../domain/money.ts';
import { deriveFundsEta, deriveFundsLeft } from '../../domain/pace.ts';
import { deriveCpcChange } from '../../domain/trend.ts';
import type { Sql } from '../../ports/sql.ts';
import { listUntold, markTold, readFacts, type FactsRow } from '../../store/conditions.ts';
import { raiseAlerts, type Alarm } from './raise.ts';
import { isJudged, lastSeenAt, readUsual, slotFactsOf, type View } from './slot-facts.ts';

/** Opens alerts for all conditions that hold and that nobody has been told of. */
export async function tellConditions(sql: Sql, view: View, at: number): Promise<void> {
  const rows = await readFacts(sql, view.slotAt, { accountNos: await listUntold(sql) });
  const usual = await readUsual(sql, rows, view);
  const groups = new Map<string, { kind: ConditionKind; severity: Severity; alarms: Alarm[] }>();
  for (const row of rows.filter(isJudged))
    for (const { kind, slot, isOpen, alertId } of row.conditions) {
      if (!isOpen || alertId !== null) continue;
      const rule = view.tuned(kind, { vendorId: row.vendorId, accountNo: row.no });
      if (!rule.isOn) continue;
      const { severity } = rule;
      const group = groups.get(`${kind} ${severity}`) ?? { kind, severity, alarms: [] };
      const facts = slotFactsOf(row, view.spanOf, usual.get(row.no) ?? null);
      group.alarms.push(toAlarm(row, facts, detailOf(kind, row, facts, afterOf(rule)), slot));
      groups.set(`${kind} ${severity}`, group);
    }
  for (const { kind, severity, alarms } of groups.values())
    for (const { alertId, accountNos } of await raiseAlerts(sql, kind, severity, alarms, at))
      await markTold(sql, kind, accountNos, alertId);
}

function toAlarm(row: FactsRow, facts: SlotFacts | null, detail: ConditionDetail, slot: number): Alarm {
  const { no: accountNo, accountId, name, vendor, currency, disableReason, balanceDueMinor } = row;
  const account: AccountFacts = {
    ...{ accountId, name, vendor, currency, disableReason, balanceDueMinor },
    spendMinor: facts?.spendMinor ?? null,
    dailyLimitMinor: facts?.limit.minor ?? null,
    fundsLeftMinor: facts === null ? null : deriveFundsLeft(facts.spendCap, facts.amountSpentMinor),
  };
  return {
    ...{ accountNo, facts: account, words: conditionAlertWords(detail, account) },
    ...{
      cause: `${accountNo}@${slot}`,
      transitionId: null,
      isLasting: true,
      toldBefore: [],
      toldAlready: [],
    },
  };
}

/** What a message about a condition says beside the account's usual facts. */
function detailOf(
  kind: ConditionKind,
  row: FactsRow,
  facts: SlotFacts | null,
  slots: number,
): ConditionDetail {
  switch (kind) {
    case 'funds_low': {
      const left = facts && deriveFundsLeft(facts.spendCap, facts.amountSpentMinor);
      const etaMs =
        facts === null || left === null
          ? null
          : deriveFundsEta(facts.spendMinor, left, facts.limit, facts.span);
      const cap = facts?.spendCap.minor ?? null;
      const percentLeft = left === null || cap === null || cap === 0 ? null : Math.round((left / cap) * 100);
      return { kind, etaMs, percentLeft };
    }
    case 'cpc_jump': {
      const [spendMinor, clicks] = [facts?.spendMinor ?? null, facts?.clicks ?? null];
      const cpc =
        spendMinor === null || clicks === null ? null : costPerClick(spendMinor, clicks, row.currency);
      return { kind, clicks, cpc, percent: deriveCpcChange({ spendMinor, clicks }, facts?.week ?? null) };
    }
    case 'stuck_delivery':
      return { kind, slots, usualHourMinor: facts?.usualHourMinor ?? null };
    case 'blind_spot':
      return { kind, lastSeenAt: lastSeenAt(row), failure: row.failure };
  }
}
