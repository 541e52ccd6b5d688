import type { ExportQuery } from '../../contract/export.ts';
import type { Snapshot } from '../../contract/snapshot.ts';
import { toIso } from '../../contract/units.ts';
import { csvNumber, csvRecord, csvText } from '../../domain/csv.ts';
import { majorText } from '../../domain/money.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database, Sql } from '../../ports/sql.ts';
import { listExportedAccounts, type ExportedAccount } from '../../store/export.ts';
import { insertAudit } from '../../store/members.ts';
import { takeTry } from '../../store/throttles.ts';
import { mustBeAllowed } from '../refusal.ts';
import { readStretch } from './read-history.ts';

interface Deps {
  database: Pick<Database, 'sql' | 'transaction'>;
  clock: Pick<Clock, 'now'>;
}

const dayMs = 86_400_000;
const mostDays = 400;
/** What is held in memory at once is one account's history of so long. */
const pageMs = { '5m': 2 * dayMs, '1h': 24 * dayMs, '1d': mostDays * dayMs } as const;
const allowance = { tries: 20, windowMs: 3_600_000 };

export type Export =
  /** The file in pieces: each is read when it is asked for. */
  | { outcome: 'begun'; fileName: string; pieces: AsyncGenerator<string, void> }
  | { outcome: 'refused'; isPause: boolean; problem: string };

/**
 * The history of accounts as CSV, account by account, oldest first. Written into the audit log before the first byte, and at
 * most 20 times an hour for each caller. Throws `Refused`.
 */
export async function exportMetrics(deps: Deps, actor: Actor, query: ExportQuery): Promise<Export> {
  mustBeAllowed(actor, 'metrics:export');
  const at = await deps.clock.now();
  const to = query.to ?? at;
  const from = query.from ?? to - dayMs;
  if (from >= to) return refused('from must be before to.');
  if (to - from > mostDays * dayMs) return refused(`Ask for at most ${mostDays} days at once.`);
  const { every, account = null, vendor = null } = query;
  const pausedFor = await deps.database.transaction(async (sql) => {
    const taken = await takeTry(sql, `export:${actor.name}`, allowance, at);
    if (!taken.isAllowed) return taken.pausedUntil - at;
    const detail = { from: toIso(from), to: toIso(to), every, account, vendor };
    await insertAudit(sql, { at, actor: actor.name, action: 'metrics.exported', detail });
    return null;
  });
  if (pausedFor !== null)
    return {
      ...refused(`Too many exports. Try again in ${Math.ceil(pausedFor / 60_000)} minutes.`),
      isPause: true,
    };
  const accounts = await listExportedAccounts(deps.database.sql, { accountId: account, vendor });
  const day = (instant: number) => toIso(instant).slice(0, 10);
  return {
    outcome: 'begun',
    fileName: `arbhub-${every}-${day(from)}-${day(to)}.csv`,
    pieces: writePieces(deps.database.sql, accounts, { from, to, every }),
  };
}

function refused(problem: string) {
  return { outcome: 'refused', isPause: false, problem } as const;
}

async function* writePieces(
  sql: Sql,
  accounts: readonly ExportedAccount[],
  { from, to, every }: { from: number; to: number; every: ExportQuery['every'] },
): AsyncGenerator<string, void> {
  yield csvRecord(columns);
  for (const account of accounts)
    for (let start = from; start < to; start += pageMs[every]) {
      const page = { from: start, to: Math.min(to, start + pageMs[every]), every };
      let piece = '';
      for (const snapshot of await readStretch(sql, account, page)) piece += recordOf(account, snapshot);
      if (piece !== '') yield piece;
    }
}

const columns = [
  ...[
    'account_id',
    'name',
    'vendor',
    'connection',
    'currency',
    'timezone',
    'snapshot_time',
    'account_status',
  ],
  ...[
    'spend_today',
    'daily_limit',
    'daily_limit_source',
    'spend_progress_percent',
    'spend_cap',
    'spend_cap_source',
  ],
  ...['amount_spent', 'balance_due', 'cpc', 'clicks', 'outbound_clicks', 'active_ads', 'total_ads'],
];

/** Amounts are decimals in major units of the currency in its own column. */
function recordOf(
  { accountId, name, vendor, connection, currency, timezone }: ExportedAccount,
  s: Snapshot,
): string {
  const money = (amount: Snapshot['spend_today']) =>
    csvNumber(amount === null ? null : majorText(amount.minor, amount.currency));
  return csvRecord([
    ...[accountId, name, vendor, connection, currency, timezone, s.snapshot_time].map(csvText),
    csvNumber(s.account_status),
    ...[money(s.spend_today), money(s.daily_limit), csvText(s.daily_limit_source)],
    ...[csvNumber(s.spend_progress_percent), money(s.spend_cap), csvText(s.spend_cap_source)],
    ...[money(s.amount_spent), money(s.balance_due), csvNumber(s.cpc)],
    ...[s.clicks, s.outbound_clicks, s.active_ads, s.total_ads].map(csvNumber),
  ]);
}
