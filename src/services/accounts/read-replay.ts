import type { Replay } from '../../contract/account-page.ts';
import { readActivity } from '../../domain/activity.ts';
import { deriveHourlySpend } from '../../domain/hourly-spend.ts';
import { deriveStateSpans } from '../../domain/state-spans.ts';
import type { Sql } from '../../ports/sql.ts';
import { type HistorySubject, readChanges } from '../../store/account-history.ts';
import { readActivityLog, readRejectedCounts, readSiblingDeaths } from '../../store/account-replay.ts';
import { readStandings } from '../../store/history.ts';
import { readPoints } from './read-points.ts';
import { stateChangesOf, stateNowOf } from './state-changes.ts';

const hourMs = 3_600_000;
const replayMs = 72 * hourMs;
const mostSiblings = 12;
/** How far back Meta's log is asked when it is read for the first time. */
const logKeptMs = 7 * 24 * hourMs;

/** The three days before an account went down; null while it is up, or while nobody knows since when it is down. */
export async function readReplay(
  sql: Sql,
  account: HistorySubject,
  metricsMs: number,
): Promise<Replay | null> {
  const { no, state, stateSince: diedAt, timezone, dateAdded } = account;
  if (diedAt === null || (state !== 'suspended' && state !== 'closing' && state !== 'closed')) return null;
  const from = diedAt - replayMs;
  const window = { from: Math.floor(from / 1000), to: Math.floor(diedAt / 1000) };
  // Two hours more, so that the first bar has its beginning.
  const points = await readPoints(sql, account, { from: from - 2 * hourMs, to: diedAt }, metricsMs);
  const changes = (await readChanges(sql, no, diedAt)).filter(({ at }) => at < diedAt);
  const before = await standBefore(sql, account, diedAt);
  const log = (await readActivityLog(sql, no, from, diedAt)).map((entry) => ({
    ...entry,
    detail: readActivity(entry.eventType, entry.extra),
  }));
  const told = log
    .filter(({ detail }) => detail.about === 'rejected')
    .map(({ at, detail }) => ({ at, ads: detail.ads ?? 1 }));
  const limits = await readStandings(sql, no, from, diedAt);
  return {
    from,
    diedAt,
    state,
    spans:
      before === null
        ? []
        : deriveStateSpans(stateChangesOf(changes), before, dateAdded, { from, to: diedAt }),
    hours: deriveHourlySpend(points, timezone, window).map(({ at, spendMinor }) => ({
      at: at * 1000,
      spendMinor,
    })),
    limits: limits
      .map((row) => ({
        at: Math.max(from, row.since),
        minor: row.dailyLimitMinor,
        source: row.dailyLimitSource,
      }))
      .filter((row, place, all) => place === 0 || row.minor !== all[place - 1]?.minor),
    rejected: told.length > 0 ? told : await countedRejections(sql, no, from, diedAt),
    payments: log
      .filter(({ detail }) => detail.about === 'paid' || detail.about === 'unpaid')
      .map(({ at, detail, words, eventType }) => ({
        at,
        isFailed: detail.about === 'unpaid',
        words: words ?? eventType,
      })),
    siblings: await readSiblingDeaths(sql, no, from, diedAt, mostSiblings),
    logFrom:
      account.activitiesReadAt === null ? null : Math.min(dateAdded, account.activitiesReadAt) - logKeptMs,
    watchedFrom: dateAdded,
  };
}

/** How the account stood just before it went down; null where only its end was seen. */
async function standBefore(sql: Sql, account: HistorySubject, diedAt: number) {
  const all = stateChangesOf(await readChanges(sql, account.no, diedAt));
  const death = all.findLast(({ at }) => at === diedAt);
  const from = death?.from ?? null;
  if (from !== null) return { ...from, since: null };
  return death === undefined && all.length > 0
    ? { ...stateNowOf(account), ...all.at(-1)?.to, since: null }
    : null;
}

/** Where the log tells nothing, the number of rejected ads may have grown. */
async function countedRejections(sql: Sql, accountNo: number, from: number, to: number) {
  const counts = await readRejectedCounts(sql, accountNo, from, to);
  return counts.flatMap(({ at, ads }, place) => {
    const more = ads - (counts[place - 1]?.ads ?? ads);
    return more > 0 ? [{ at, ads: more }] : [];
  });
}
