import type { AccountId } from '../../domain/account.ts';
import type { DayReading, Failure, Result } from '../../domain/observation.ts';
import type { DailyLimit } from '../../domain/pace.ts';
import { deriveChanges } from '../../domain/transition.ts';
import type { MetricsReading } from '../../ports/account-source.ts';
import type { Database } from '../../ports/sql.ts';
import { lockAccounts, type KnownAccount } from '../../store/accounts.ts';
import { holdClaim, type Claim } from '../../store/cycles.ts';
import { announceChanged } from '../../store/live.ts';
import {
  markHistoryRead,
  writeAds,
  writeFailures,
  writeLimits,
  writeRefusedLimits,
  writeToday,
} from '../../store/metrics.ts';
import { recordAccountDays, recordSnapshots, type AccountDay } from '../../store/snapshots.ts';
import { factsOf, toKnown } from './known.ts';
import { recordChanges, type AccountChange } from './record-changes.ts';

type Aspect = 'today' | 'ads' | 'limit' | 'history';

export interface RecordedMetrics {
  /** Accounts whose day was read and stored. */
  read: number;
  changed: number;
  failures: { accountId: AccountId; aspect: Aspect; failure: Failure }[];
}

const refusalMs = 24 * 60 * 60_000;

/** Writes what one batch brought, with all that follows from it, in one transaction. */
export async function recordMetrics(
  database: Database,
  batch: { claim: Claim; slotAt: number; readings: readonly MetricsReading[]; at: number },
): Promise<RecordedMetrics> {
  const { claim, slotAt, readings, at } = batch;
  const failures = readings.flatMap(failuresOf);
  return database.transaction(async (sql) => {
    await holdClaim(sql, claim);
    const rows = new Map(
      (await lockAccounts(sql, [...new Set(readings.map(({ accountId }) => accountId))])).map((row) => [
        row.accountId,
        row,
      ]),
    );
    const pick = <T>(
      aspect: (reading: MetricsReading) => Result<T> | null,
    ): { row: KnownAccount; value: T }[] =>
      readings.flatMap((reading) => {
        const [row, result] = [rows.get(reading.accountId), aspect(reading)];
        return row !== undefined && result?.ok === true ? [{ row, value: result.value }] : [];
      });

    const today = pick((reading) => reading.today).filter(({ row, value }) => isNewer(row, value, at));
    if (today.length > 0) {
      await writeToday(sql, today.map(toDay), at);
      await recordSnapshots(
        sql,
        slotAt,
        today.map(({ row }) => row.no),
      );
    }
    const history = pick((reading) => reading.history);
    await recordAccountDays(sql, [...today.map(toDay), ...history.flatMap(toDays)], at);
    const nos = history.map(({ row }) => row.no);
    if (nos.length > 0) await markHistoryRead(sql, nos, at);

    const ads = pick((reading) => reading.ads);
    const counts = ads.map(({ row, value }) => ({ accountNo: row.no, ...value }));
    if (counts.length > 0) await writeAds(sql, counts, at);

    const limits = pick((reading) => reading.limit);
    const told = limits.map(({ row, value }) => ({ accountNo: row.no, limit: value }));
    if (told.length > 0) await writeLimits(sql, told, at);
    const refused = failures.filter(
      ({ aspect, failure }) => aspect === 'limit' && failure.kind === 'request',
    );
    if (refused.length > 0)
      await writeRefusedLimits(
        sql,
        refused.flatMap(({ accountId }) => rows.get(accountId)?.no ?? []),
        at + refusalMs,
      );
    const unread = failures.filter(({ aspect }) => aspect === 'today');
    if (unread.length > 0)
      await writeFailures(
        sql,
        unread.map(({ accountId, failure }) => ({ accountId, detail: failure.detail })),
      );

    const changes = limits.flatMap(({ row, value }) => limitChanges(row, value));
    await recordChanges(sql, changes, at);
    await announceChanged(sql, [...rows.keys()]);
    return { read: pick((reading) => reading.today).length, changed: changes.length, failures };
  });
}

function failuresOf(reading: MetricsReading): RecordedMetrics['failures'] {
  return (['today', 'ads', 'limit', 'history'] as const).flatMap((aspect) => {
    const result = reading[aspect];
    return result?.ok === false ? [{ accountId: reading.accountId, aspect, failure: result.failure }] : [];
  });
}

/** A slow answer must not undo a newer one, nor bring yesterday back after midnight. */
function isNewer(row: KnownAccount, reading: DayReading, at: number): boolean {
  return (row.metricsAt === null || row.metricsAt <= at) && (row.day === null || row.day <= reading.day);
}

function toDay({ row, value }: { row: KnownAccount; value: DayReading }): DayReading & AccountDay {
  return { ...value, accountNo: row.no };
}

function toDays({ row, value }: { row: KnownAccount; value: DayReading[] }): AccountDay[] {
  return value.map((day) => toDay({ row, value: day }));
}

function limitChanges(row: KnownAccount, limit: DailyLimit): AccountChange[] {
  const before = toKnown(row);
  const after = { ...before, metaLimit: limit };
  const facts = factsOf(row, { ...after, ...row });
  return deriveChanges(before, after).map((change) => ({ accountNo: row.no, change, facts }));
}
