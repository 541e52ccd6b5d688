import type { AnalyticsAsk, AnalyticsView } from '../../contract/analytics.ts';
import { addDays, isZone, localDay } from '../../domain/calendar.ts';
import { groupBy } from '../../domain/grouping.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import {
  type Asked,
  type FleetRow,
  listFleet,
  listStatusTurns,
  sumAccountDays,
  sumGroupDays,
} from '../../store/analytics.ts';
import { mustBeAllowed } from '../refusal.ts';
import { costFindings } from './cost-findings.ts';
import { groupFleet, trendsOf } from './trend-lines.ts';
import { vendorRecords } from './vendor-records.ts';

const comparedDays = 7;
/** Below this share of its limit a day counts as poorly used. */
const poorUse = 0.7;
const dayMs = 86_400_000;

/** Trends, the vendors' records and what stands out, all of closed account-days. Throws `Refused`. */
export async function readAnalytics(
  deps: { database: Pick<Database, 'sql'>; clock: Pick<Clock, 'now'> },
  actor: Actor,
  ask: AnalyticsAsk,
): Promise<AnalyticsView> {
  mustBeAllowed(actor, 'accounts:read');
  const { sql } = deps.database;
  const now = await deps.clock.now();
  const fleet = await listFleet(sql);
  const todayOf = todays(now);
  const { groups, groupOf } = groupFleet(fleet);
  const asked = fleet.map((row): Asked => ({
    ...{ no: row.no, group: groupOf.get(row.no) ?? 0, today: todayOf(row) },
  }));
  const dates = asked.map(({ today }) => today).sort();
  const openFrom = dates[0] ?? localDay(now, 'UTC');
  const since = addDays(openFrom, -ask.days);
  const [sums, accountSums, turns] = await Promise.all([
    sumGroupDays(sql, asked, { since, under: poorUse }),
    sumAccountDays(sql, asked, comparedDays),
    listStatusTurns(sql),
  ]);
  const closed = sums.map(({ day }) => day).sort();
  const byVendor = groupBy(sums, ({ group }) => groups[group]?.vendor);
  return {
    ...{ now, ask, accounts: fleet.filter(({ archivedAt }) => archivedAt === null).length },
    closedUntil: closed.at(-1) ?? null,
    closedFrom: closed[0] ?? null,
    closedDays: sums.reduce((sum, { accounts }) => sum + accounts, 0),
    unconfirmedDays: sums.reduce((sum, { unconfirmed }) => sum + unconfirmed, 0),
    trends: trendsOf({
      ...{ fleet, asked, groups, by: ask.by, sums, since, openFrom },
      lastDay: dates.at(-1) ?? openFrom,
    }),
    vendors: vendorRecords({
      ...{ fleet, turns, now, periodMs: ask.days * dayMs },
      daysOf: (vendor) => byVendor.get(vendor) ?? [],
    }),
    ...costFindings(fleet, accountSums),
  };
}

/** The account-day that runs in a zone, worked out once for each; a zone that nobody knows counts as UTC. */
function todays(now: number): (row: FleetRow) => string {
  const known = new Map<string, string>();
  return ({ timezone }) => {
    const today = known.get(timezone) ?? localDay(now, isZone(timezone) ? timezone : 'UTC');
    known.set(timezone, today);
    return today;
  };
}
