import { localDay } from '../../domain/calendar.ts';
import { costMicro, type HistoryPoint, mergePoints } from '../../domain/history-points.ts';
import type { Sql } from '../../ports/sql.ts';
import { type HistorySubject, readHours } from '../../store/account-history.ts';
import { readDays, readSnapshots, type SnapshotRow } from '../../store/history.ts';
import { slotInstant } from '../../store/snapshots.ts';

const dayMs = 86_400_000;

/** Everything stored of an account between two instants (epoch ms) as one line of points, the finest that there are. */
export async function readPoints(
  sql: Sql,
  account: HistorySubject,
  { from, to }: { from: number; to: number },
  metricsMs: number,
): Promise<HistoryPoint[]> {
  const { no, timezone: zone, currency } = account;
  const [firstDay, lastDay] = [localDay(from, zone), localDay(to, zone)];
  const [shots, hours, days] = [
    await readSnapshots(sql, no, from, to + 1),
    await readHours(sql, no, firstDay, lastDay),
    await readDays(sql, no, firstDay, lastDay),
  ];
  const step = Math.round(metricsMs / 1000);
  return mergePoints(
    {
      snapshots: shots.map((shot) => pointOf(shot, step, currency)),
      hours: { from: account.hoursFrom, to: account.hoursTo, rows: hours },
      days: { from: account.historyFrom, to: closedTo(account), rows: days },
    },
    { zone, currency, from: Math.floor(from / 1000), to: Math.floor(to / 1000) },
  );
}

/** The last day of which a missing row is a truthful zero. */
export function closedTo({ closedDay, dateAdded, timezone }: HistorySubject): string {
  const dayBefore = localDay(dateAdded - dayMs, timezone);
  return closedDay === null || closedDay < dayBefore ? dayBefore : closedDay;
}

function pointOf(shot: SnapshotRow, span: number, currency: string): HistoryPoint {
  const { spendMinor, clicks, outboundClicks, cpc } = shot;
  return {
    at: slotInstant(shot.slot) / 1000,
    span,
    spendMinor,
    clicks,
    outboundClicks,
    cpcMicro: cpc === null ? costMicro(spendMinor, clicks, currency) : Math.round(Number(cpc) * 1_000_000),
  };
}
