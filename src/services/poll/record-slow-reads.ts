import type { AccountId } from '../../domain/account.ts';
import type { Failure } from '../../domain/observation.ts';
import type { DailyLimit } from '../../domain/pace.ts';
import type { Aspect, DayRange } from '../../ports/account-source.ts';
import type { Sql } from '../../ports/sql.ts';
import { recordClosedDays, recordHours } from '../../store/account-days.ts';
import { refreshDayCurves } from '../../store/day-curves.ts';
import { lockAccounts, type KnownAccount } from '../../store/accounts.ts';
import { dateChanges, recordActivities } from '../../store/activities.ts';
import { writeAds, writeLimits, writeRefusedLimits } from '../../store/metrics.ts';
import {
  markActivitiesRead,
  markClosed,
  markDetailsRead,
  markHistory,
  writeDetails,
} from '../../store/particulars.ts';
import { recordStandings } from '../../store/standings.ts';
import { pick, type AspectFailure, type MetricsBatch } from './metrics-batch.ts';
import { changesOf, recordChanges } from './record-changes.ts';

const refusalMs = 24 * 60 * 60_000;

/** Everything but today's figures; most batches hold none of it. Answers how many changes it led to. */
export async function recordSlowReads(
  sql: Sql,
  batch: MetricsBatch,
  failures: readonly AspectFailure[],
): Promise<number> {
  const { at } = batch;
  const noOf = ({ accountId }: { accountId: AccountId }) => batch.accounts.get(accountId)?.accountNo ?? [];
  const failed = (...which: Aspect[]) => failures.filter(({ aspect }) => which.includes(aspect));

  const ads = pick(batch, 'ads').map(({ account, value }) => ({ accountNo: account.accountNo, ...value }));
  if (ads.length > 0) await recordStandings(sql, await writeAds(sql, ads, at), at);

  const details = pick(batch, 'details').map(({ account, value }) => ({
    accountNo: account.accountNo,
    ...value,
  }));
  if (details.length > 0) await writeDetails(sql, details, at);
  // What this token may not ask is asked again in an hour, not in a minute.
  const refusedDetails = failed('details')
    .filter(({ failure }) => isRefusal(failure))
    .flatMap(noOf);
  if (refusedDetails.length > 0) await markDetailsRead(sql, refusedDetails, at);

  const closed = pick(batch, 'closed');
  if (closed.length > 0) {
    await recordClosedDays(
      sql,
      closed.flatMap(({ account, value }) => value.map((day) => ({ accountNo: account.accountNo, ...day }))),
      at,
    );
    const last = closed.flatMap(({ account, value }) => {
      const day = value.at(-1)?.day;
      return day === undefined ? [] : [{ accountNo: account.accountNo, day }];
    });
    await markClosed(sql, last);
  }
  await recordHistory(sql, batch, failed('history', 'hours'));
  await recordLog(
    sql,
    batch,
    failed('activities')
      .filter(({ failure }) => isRefusal(failure))
      .flatMap(noOf),
  );
  return recordLimits(sql, batch, failed('limit'));
}

/** Whether asking again at once cannot help. */
function isRefusal({ kind }: Failure): boolean {
  return kind === 'request' || kind === 'permission' || kind === 'shape';
}

async function recordHistory(sql: Sql, batch: MetricsBatch, failed: AspectFailure[]): Promise<void> {
  const history = pick(batch, 'history');
  const hours = pick(batch, 'hours');
  if (history.length + hours.length + failed.length === 0) return;
  await recordClosedDays(
    sql,
    history.flatMap(({ account, value }) =>
      value.days.map((day) => ({ accountNo: account.accountNo, ...day })),
    ),
    batch.at,
  );
  await recordHours(
    sql,
    hours.flatMap(({ account, value }) =>
      value.hours.map((hour) => ({ accountNo: account.accountNo, ...hour })),
    ),
  );
  const marks = new Map<number, { historyFrom: string | null; hours: DayRange | null; hasFailed: boolean }>();
  const mark = (accountNo: number, more: object) =>
    marks.set(accountNo, {
      ...(marks.get(accountNo) ?? { historyFrom: null, hours: null, hasFailed: false }),
      ...more,
    });
  for (const { account, value } of history) mark(account.accountNo, { historyFrom: value.range.from });
  for (const { account, value } of hours) mark(account.accountNo, { hours: value.range });
  for (const { accountId } of failed) {
    const account = batch.accounts.get(accountId);
    if (account !== undefined) mark(account.accountNo, { hasFailed: true });
  }
  await markHistory(
    sql,
    [...marks].map(([accountNo, read]) => ({ accountNo, ...read })),
    batch.at,
  );
  await refreshDayCurves(
    sql,
    hours.map(({ account }) => account.accountNo),
  );
}

async function recordLog(sql: Sql, batch: MetricsBatch, refused: number[]): Promise<void> {
  const logs = pick(batch, 'activities');
  const nos = logs.map(({ account }) => account.accountNo);
  if (nos.length > 0) {
    await recordActivities(
      sql,
      logs.flatMap(({ account, value }) =>
        value.map((entry) => ({ accountNo: account.accountNo, ...entry })),
      ),
      batch.at,
    );
    await dateChanges(sql, nos);
  }
  if (nos.length + refused.length > 0) await markActivitiesRead(sql, [...nos, ...refused], batch.at);
}

async function recordLimits(sql: Sql, batch: MetricsBatch, failed: AspectFailure[]): Promise<number> {
  const { at } = batch;
  const told = pick(batch, 'limit');
  const refused = failed.filter(({ failure }) => failure.kind === 'request');
  if (told.length + refused.length === 0) return 0;
  const ids = [...told.map(({ account }) => account.accountId), ...refused.map(({ accountId }) => accountId)];
  const rows = new Map((await lockAccounts(sql, ids)).map((row) => [row.accountId, row]));
  await writeLimits(
    sql,
    told.map(({ account, value }) => ({ accountNo: account.accountNo, limit: value })),
    at,
  );
  const refusedNos = refused.flatMap(({ accountId }) => rows.get(accountId)?.no ?? []);
  if (refusedNos.length > 0) await writeRefusedLimits(sql, refusedNos, at + refusalMs);
  const moved = told.filter(({ account, value }) => hasMoved(rows.get(account.accountId), value));
  const changes = moved.flatMap(({ account, value }) => {
    const row = rows.get(account.accountId);
    return row === undefined ? [] : changesOf(row, { metaLimit: value });
  });
  const silenced = refused.flatMap(({ accountId }) => rows.get(accountId) ?? []).filter(isTold);
  await recordStandings(
    sql,
    [...moved.map(({ account }) => account.accountNo), ...silenced.map(({ no }) => no)],
    at,
  );
  await recordChanges(sql, changes, at);
  return changes.length;
}

/** Whether a limit was known that Meta tells no more. */
function isTold({ metaLimitSource }: KnownAccount): boolean {
  return metaLimitSource !== 'unknown';
}

function hasMoved(row: KnownAccount | undefined, limit: DailyLimit): boolean {
  return row !== undefined && (row.metaLimitMinor !== limit.minor || row.metaLimitSource !== limit.source);
}
