import type { AccountHistory, HistoryEvent, HistoryRange } from '../../contract/account-history.ts';
import type { AccountId } from '../../domain/account.ts';
import { addDays, localDay, startOfDay } from '../../domain/calendar.ts';
import { dayPoints, type HistoryPoint } from '../../domain/history-points.ts';
import type { Actor } from '../../domain/permissions.ts';
import { deriveStateSpans } from '../../domain/state-spans.ts';
import { deriveUnread } from '../../domain/unread.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database, Sql } from '../../ports/sql.ts';
import {
  type ChangeRow,
  findHistorySubject,
  type HistorySubject,
  readChanges,
} from '../../store/account-history.ts';
import { readDays, readStandings, type StandingRow } from '../../store/history.ts';
import { mustBeAllowed } from '../refusal.ts';
import { closedTo, readPoints } from './read-points.ts';
import { stateChangesOf, stateNowOf } from './state-changes.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
  settings: { metricsMs: number };
}

const dayMs = 86_400_000;
const lengthMs: Readonly<Record<HistoryRange, number>> = {
  '24h': dayMs,
  '7d': 7 * dayMs,
  '30d': 30 * dayMs,
  '90d': 90 * dayMs,
};
const seconds = (ms: number) => Math.floor(ms / 1000);

/** What the charts of an account are drawn from; null when there is no account of this id. Throws `Refused`. */
export async function readAccountHistory(
  deps: Deps,
  actor: Actor,
  accountId: AccountId,
  range: HistoryRange,
): Promise<AccountHistory | null> {
  mustBeAllowed(actor, 'accounts:read');
  const { sql } = deps.database;
  const { metricsMs } = deps.settings;
  const now = await deps.clock.now();
  const account = await findHistorySubject(sql, accountId);
  if (account === null) return null;
  const { timezone, currency } = account;
  const isByDay = range === '90d';
  // Days are drawn whole: the last column is the day that still runs.
  const from = isByDay ? startOfDay(addDays(localDay(now, timezone), -89), timezone) : now - lengthMs[range];
  const points = isByDay
    ? await readByDay(sql, account, from, now)
    : await readPoints(sql, account, { from, to: now }, metricsMs);
  const steps = await readStandings(sql, account.no, from, now + 1);
  const changes = await readChanges(sql, account.no, now);
  const window = { from: seconds(from), to: seconds(now) };
  const spans = deriveStateSpans(stateChangesOf(changes), stateNowOf(account), account.dateAdded, {
    from,
    to: now,
  }).map((span) => ({ ...span, from: seconds(span.from), to: seconds(span.to) }));
  return {
    range,
    currency,
    timezone,
    ...window,
    dawns: dawnsOf(window, timezone),
    points: columnsOf(points),
    steps: stepsOf(steps, window.from),
    states: spans,
    unread: deriveUnread(points, window, spans.filter(isDown), { cycle: seconds(metricsMs), isByDay }),
    events: changes.filter(({ at }) => at >= from).flatMap(eventOf),
  };
}

const isDown = ({ state }: { state: string }) =>
  state === 'suspended' || state === 'closing' || state === 'closed';

async function readByDay(
  sql: Sql,
  account: HistorySubject,
  from: number,
  to: number,
): Promise<HistoryPoint[]> {
  const { no, timezone: zone, currency, day, metricsAt, spendMinor, clicks, outboundClicks } = account;
  const rows = await readDays(sql, no, localDay(from, zone), localDay(to, zone));
  const today =
    day === null || metricsAt === null || spendMinor === null
      ? null
      : {
          day,
          at: metricsAt,
          figures: { spendMinor, clicks: clicks ?? 0, outboundClicks: outboundClicks ?? 0 },
        };
  return dayPoints({ from: account.historyFrom, to: closedTo(account), rows }, today, {
    ...{ zone, currency },
    ...{ from: seconds(from), to: seconds(to) },
  });
}

function dawnsOf({ from, to }: { from: number; to: number }, zone: string): number[] {
  const dawns: number[] = [];
  for (let day = localDay(from * 1000, zone); ; day = addDays(day, 1)) {
    const at = startOfDay(day, zone) / 1000;
    if (at > to) return dawns;
    if (at >= from) dawns.push(at);
  }
}

function columnsOf(points: readonly HistoryPoint[]): AccountHistory['points'] {
  return {
    at: points.map(({ at }) => at),
    span: points.map(({ span }) => span),
    spendMinor: points.map(({ spendMinor }) => spendMinor),
    clicks: points.map(({ clicks }) => clicks),
    outboundClicks: points.map(({ outboundClicks }) => outboundClicks),
    cpcMicro: points.map(({ cpcMicro }) => cpcMicro),
  };
}

function stepsOf(rows: readonly StandingRow[], from: number): AccountHistory['steps'] {
  return {
    at: rows.map(({ since }) => Math.max(from, seconds(since))),
    limitMinor: rows.map((row) => row.dailyLimitMinor),
    limitSource: rows.map((row) => row.dailyLimitSource),
    capMinor: rows.map((row) => row.spendCapMinor),
    capSource: rows.map((row) => row.spendCapSource),
    activeAds: rows.map((row) => row.activeAds),
    totalAds: rows.map((row) => row.totalAds),
  };
}

function eventOf(row: ChangeRow): HistoryEvent[] {
  const at = seconds(row.at);
  const { fromMinor, toMinor, fromCode, toCode } = row;
  switch (row.kind) {
    case 'status_changed':
      return [{ kind: 'status', at, fromCode, toCode }];
    case 'daily_limit_changed':
      return [{ kind: 'limit', at, fromMinor, toMinor }];
    case 'spend_cap_changed':
      return [{ kind: 'cap', at, fromMinor, toMinor }];
    case 'access_lost':
    case 'access_regained':
      return [{ kind: row.kind, at }];
    default:
      return [];
  }
}
