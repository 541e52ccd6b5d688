import type { AccountId } from '../../domain/account.ts';
import { costPerClick, trimDecimal } from '../../domain/money.ts';
import type { Database } from '../../ports/sql.ts';
import { takeTurn } from '../../store/accounts.ts';
import { holdClaim } from '../../store/cycles.ts';
import { announceChanged } from '../../store/live.ts';
import { writeFailures, writeToday, type TodayWrite } from '../../store/metrics.ts';
import {
  failuresOf,
  pick,
  type AspectFailure,
  type MetricsBatch,
  type Read,
  type Value,
} from './metrics-batch.ts';
import { recordSlowReads } from './record-slow-reads.ts';

export interface RecordedMetrics {
  /** Accounts whose day was read. */
  read: AccountId[];
  changed: number;
  failures: AspectFailure[];
}

/** Writes what has arrived, with all that follows from it, in one transaction. */
export async function recordMetrics(database: Database, given: MetricsBatch): Promise<RecordedMetrics> {
  // Readings are as old as their questions: an answer that took long must not pass for newer than one that came meanwhile.
  const at = given.readings.reduce((first, { askedAt }) => Math.min(first, askedAt ?? first), given.at);
  const batch = { ...given, at };
  const { claim, slotAt, readings } = batch;
  const failures = failuresOf(batch);
  const today = pick(batch, 'today');
  return database.transaction(async (sql) => {
    await holdClaim(sql, claim);
    await takeTurn(sql);
    if (today.length > 0) await writeToday(sql, slotAt, today.map(toWrite), at);
    const unread = failures.filter(({ aspect, failure }) => aspect === 'today' && failure.kind !== 'rate');
    if (unread.length > 0)
      await writeFailures(
        sql,
        unread.map(({ accountId, failure }) => ({ accountId, detail: failure.detail })),
      );
    const changes = await recordSlowReads(sql, batch, failures);
    await announceChanged(sql, [...new Set(readings.map(({ accountId }) => accountId))]);
    return { read: today.map(({ account }) => account.accountId), changed: changes, failures };
  });
}

function toWrite({ account, value }: Read<Value<'today'>>): TodayWrite {
  const { accountNo, hasSnapshot, currency } = account;
  const { spendMinor, clicks, cpc } = value;
  return {
    ...value,
    accountNo,
    hasSnapshot,
    isCpcDerived: cpc !== null && trimDecimal(cpc) === costPerClick(spendMinor, clicks, currency),
  };
}
