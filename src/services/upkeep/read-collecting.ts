import type { Collecting, CollectingAnswer } from '../../contract/collecting.ts';
import { toIso } from '../../contract/units.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import { readDetection } from '../../store/activities.ts';
import { readAudits } from '../../store/audits.ts';
import { listConnectionHealth, type ConnectionHealth } from '../../store/connections.ts';
import { readLastCycle, type LastCycle } from '../../store/health.ts';
import { mustBeAllowed } from '../refusal.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
}

const detectionMs = 30 * 86_400_000;
const auditsShown = 30;

/** How the collecting side does: connections with their coverage, the last cycles, how fast and how exact. Throws `Refused`. */
export async function readCollecting(deps: Deps, actor: Actor): Promise<CollectingAnswer> {
  mustBeAllowed(actor, 'accounts:read');
  const { sql } = deps.database;
  const at = await deps.clock.now();
  const { changes, p50Ms, p95Ms } = await readDetection(sql, at - detectionMs);
  const data: Collecting = {
    connections: (await listConnectionHealth(sql)).map(connectionOf),
    cycles: {
      status: cycleOf(await readLastCycle(sql, 'status')),
      metrics: cycleOf(await readLastCycle(sql, 'metrics')),
    },
    detection: { changes, p50_seconds: toSeconds(p50Ms), p95_seconds: toSeconds(p95Ms) },
    accuracy: (await readAudits(sql, auditsShown)).map((audit) => ({
      date: audit.auditedOn,
      accounts: audit.accounts,
      within_2_percent: audit.within,
      worst: audit.worst.map(({ accountId, day, currency, liveMinor, closedMinor }) => ({
        ...{ account_id: accountId, day, currency },
        ...{ live_minor: liveMinor, closed_minor: closedMinor },
      })),
      growth_compared: audit.growthCompared,
      growth_apart: audit.growthApart,
    })),
  };
  return { data, as_of: toIso(at) };
}

function toSeconds(ms: number | null): number | null {
  return ms === null ? null : Math.round(ms / 100) / 10;
}

function connectionOf(health: ConnectionHealth): Collecting['connections'][number] {
  const { name, kind, state, stateReason, found, readable, monitored, endsAt, versionWarning } = health;
  return {
    ...{ name, kind, state, state_reason: stateReason, found, readable, monitored },
    token_expires_at: endsAt === null || endsAt === Infinity ? null : toIso(endsAt),
    token_never_expires: endsAt === null ? null : endsAt === Infinity,
    version_warning: versionWarning,
  };
}

function cycleOf(cycle: LastCycle | null): Collecting['cycles']['status'] {
  if (cycle === null) return null;
  const { finishedAt, report } = cycle;
  return {
    finished_at: toIso(finishedAt),
    duration_ms: report.durationMs,
    attempted: report.attempted,
    succeeded: report.succeeded,
    held: report.held,
    unasked: report.unasked,
    failures: report.failures,
    requests: report.requests,
    counted_calls: report.countedCalls,
    retries: report.retries,
    meta_mean_ms: report.meanMs,
    meta_p95_ms: report.p95Ms,
    highest_usage_percent: report.highestUsagePercent,
    slow_queries: report.slowQueries,
    is_degraded: report.isDegraded,
  };
}
