import type { Snapshot, SnapshotList, SnapshotsQuery } from '../../contract/snapshot.ts';
import { toIso, toMoney } from '../../contract/units.ts';
import type { AccountId } from '../../domain/account.ts';
import { utcDay } from '../../domain/calendar.ts';
import { costPerClick, trimDecimal } from '../../domain/money.ts';
import { deriveProgressPercent } from '../../domain/pace.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database, Sql } from '../../ports/sql.ts';
import {
  findAccount,
  readDays,
  readHourlySnapshots,
  readSnapshots,
  readStandings,
  type SnapshotRow,
  type StandingRow,
} from '../../store/history.ts';
import { slotInstant } from '../../store/snapshots.ts';
import { mustBeAllowed } from '../refusal.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
}

const dayMs = 86_400_000;

/** The history of one account, oldest first; null when there is none of this id. Throws `Refused`. */
export async function readHistory(
  deps: Deps,
  actor: Actor,
  accountId: AccountId,
  query: SnapshotsQuery,
): Promise<SnapshotList | null> {
  mustBeAllowed(actor, 'accounts:read');
  const { sql } = deps.database;
  const at = await deps.clock.now();
  const account = await findAccount(sql, accountId);
  if (account === null) return null;
  const to = query.to ?? at;
  const from = query.from ?? to - dayMs;
  const stretch = { from, to, every: query.every };
  return { data: [...(await readStretch(sql, account, stretch))], as_of: toIso(at) };
}

/**
 * The snapshots of one account from `from` (inclusive) to `to` (exclusive), epoch ms, oldest first. Each is made when it is
 * asked for, so that whoever writes them down holds one at a time. Whoever calls has asked who may.
 */
export async function readStretch(
  sql: Sql,
  account: { no: number; currency: string },
  { from, to, every }: { from: number; to: number; every: SnapshotsQuery['every'] },
): Promise<Iterable<Snapshot>> {
  const rows = await readRows(sql, account.no, every, from, to);
  return joinStandings(rows, await readStandings(sql, account.no, from, to), account.currency);
}

type Figures = Omit<SnapshotRow, 'slot'> & { at: number };

async function readRows(
  sql: Sql,
  accountNo: number,
  every: SnapshotsQuery['every'],
  from: number,
  to: number,
): Promise<Figures[]> {
  if (every === '1d') {
    const days = await readDays(sql, accountNo, utcDay(from), utcDay(to - 1));
    return days.map(({ day, ...row }) => ({
      ...{ at: Date.parse(`${day}T00:00:00Z`), ...row },
      ...{ amountSpentMinor: null, balanceDueMinor: null, cpc: null },
    }));
  }
  const read = every === '1h' ? readHourlySnapshots : readSnapshots;
  return (await read(sql, accountNo, from, to)).map(({ slot, ...row }) => ({
    at: slotInstant(slot),
    ...row,
  }));
}

/** Both lists are sorted by time, so one walk through them is enough. */
function* joinStandings(
  rows: readonly Figures[],
  standings: readonly StandingRow[],
  currency: string,
): Iterable<Snapshot> {
  let index = -1;
  for (const row of rows) {
    while ((standings[index + 1]?.since ?? Infinity) <= row.at) index += 1;
    yield toSnapshot(row, standings[index] ?? unknownStanding, currency);
  }
}

const unknownStanding: StandingRow = {
  since: 0,
  statusCode: null,
  dailyLimitMinor: null,
  dailyLimitSource: 'unknown',
  spendCapMinor: null,
  spendCapSource: 'unknown',
  activeAds: null,
  totalAds: null,
};

function toSnapshot(row: Figures, standing: StandingRow, currency: string): Snapshot {
  const limit = { minor: standing.dailyLimitMinor, source: standing.dailyLimitSource };
  const { spendMinor, clicks } = row;
  const derivedCpc =
    spendMinor === null || clicks === null ? null : costPerClick(spendMinor, clicks, currency);
  return {
    snapshot_time: toIso(row.at),
    account_status: standing.statusCode,
    spend_today: toMoney(spendMinor, currency),
    daily_limit: toMoney(limit.minor, currency),
    daily_limit_source: limit.source,
    spend_progress_percent: deriveProgressPercent(spendMinor, limit),
    spend_cap: toMoney(standing.spendCapMinor, currency),
    spend_cap_source: standing.spendCapSource,
    amount_spent: toMoney(row.amountSpentMinor, currency),
    balance_due: toMoney(row.balanceDueMinor, currency),
    cpc: row.cpc === null ? derivedCpc : trimDecimal(row.cpc),
    clicks,
    outbound_clicks: row.outboundClicks,
    active_ads: standing.activeAds,
    total_ads: standing.totalAds,
  };
}
