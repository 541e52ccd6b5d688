import type { Actor } from '../../domain/permissions.ts';
import { judgePreflight, type CheckedDay, type Gate } from '../../domain/preflight.ts';
import { lacksReading } from '../../domain/token-life.ts';
import type { AccountSource, MetricsRequest } from '../../ports/account-source.ts';
import type { Clock } from '../../ports/clock.ts';
import { findConnection, listConnectionHealth, type Connection } from '../../store/connections.ts';
import { readLastCycle } from '../../store/health.ts';
import { countCriticalChannels, countLimits, listClosedDays } from '../../store/preflight.ts';
import { countDeliveries } from '../../store/system.ts';
import { readBoard } from '../accounts/read-board.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import type { ConnectionsDeps } from './connections-deps.ts';
import { testConnection } from './test-connection.ts';

export interface PreflightDeps extends ConnectionsDeps {
  clock: Pick<Clock, 'now' | 'monotonicMs'>;
  settings: { sweepMs: number; metricsMs: number };
  sourceOf(connection: Pick<Connection, 'id' | 'name' | 'kind'>): Promise<AccountSource | null>;
  /** How long the running server takes for a page; null when none answers. */
  measurePage(): Promise<number | null>;
}

const sampleSize = 5;
const weekMs = 7 * 86_400_000;

/** Puts a real connection through the gates of the cut-over. Asks Meta, changes nothing. Throws `Refused`. */
export async function preflight(
  deps: PreflightDeps,
  actor: Actor,
  name: string,
  signal: AbortSignal,
): Promise<Wish<Gate[]>> {
  mustBeAllowed(actor, 'connections:change');
  const { sql } = deps.database;
  const trial = await testConnection(deps, actor, name, signal);
  if (!trial.isDone) return trial;
  const { value: token } = trial;
  const connection = await findConnection(sql, { name });
  const health = (await listConnectionHealth(sql)).find((one) => one.name === name);
  if (connection === null || health === undefined)
    return { isDone: false, problem: `"${name}" was removed.` };
  const now = await deps.clock.now();
  const cycle = await readLastCycle(sql, 'metrics');
  const readMs = await took(deps, async () => readBoard(deps, actor));
  return {
    isDone: true,
    value: judgePreflight({
      now,
      metricsMs: deps.settings.metricsMs,
      connection,
      token: { ...token, lacksReading: lacksReading(token) },
      accounts: { ...health, ...(await countLimits(sql, connection.id)) },
      days: await checkDays(deps, connection, { signal, now: () => now }),
      cycle: cycle === null ? null : { finishedAt: cycle.finishedAt, ...cycle.report },
      highestUsagePercent: cycle?.report.highestUsagePercent ?? null,
      versionWarning: health.versionWarning,
      board: { readMs, pageMs: await deps.measurePage() },
      channels: await countCriticalChannels(sql),
      deadDeliveries: (await countDeliveries(sql, now - weekMs)).dead,
    }),
  };
}

async function took({ clock }: PreflightDeps, work: () => Promise<unknown>): Promise<number> {
  const startedMs = clock.monotonicMs();
  await work();
  return clock.monotonicMs() - startedMs;
}

/** Asks Meta again about the newest closed day of some accounts, those that spent first. */
async function checkDays(
  { database, sourceOf }: PreflightDeps,
  connection: Connection,
  turn: { signal: AbortSignal; now: () => number },
): Promise<CheckedDay[]> {
  const closed = await listClosedDays(database.sql, connection.id, turn.now(), sampleSize);
  const source = closed.length === 0 ? null : await sourceOf(connection);
  const told = new Map<string, number>();
  if (source !== null)
    for await (const readings of source.readMetrics(closed.map(requestOf), turn))
      for (const { accountId, closed: days } of readings)
        if (days?.ok === true)
          for (const { day, spendMinor } of days.value) told.set(`${accountId} ${day}`, spendMinor);
  return closed.map(({ accountId, day, currency, oursMinor }) => ({
    ...{ accountId, day, currency, oursMinor },
    metaMinor: told.get(`${accountId} ${day}`) ?? null,
  }));
}

function requestOf({
  accountId,
  currency,
  timezone,
  day,
}: Awaited<ReturnType<typeof listClosedDays>>[number]): MetricsRequest {
  const nothing = { today: false, ads: false, limit: false, details: false, history: null, hours: null };
  return {
    ...{ accountId, currency, timezone },
    wants: { ...nothing, closed: { from: day, to: day }, activities: null },
  };
}
