import type { FailureKind } from './observation.ts';

/** What one part of a cycle counted. Durations are milliseconds. */
export interface ShardReport {
  /** Accounts that were to be read; those that Meta's limits held back are not among them. */
  attempted: number;
  succeeded: number;
  changed: number;
  /** Accounts left alone because Meta's limits ask for it. */
  held: number;
  /** Accounts whose connection could not be asked at all: a dead token, a stopped connection. */
  unasked: number;
  failures: Partial<Record<FailureKind, number>>;
  requests: number;
  countedCalls: number;
  /** Requests beyond the first try. */
  retries: number;
  meanMs: number | null;
  p95Ms: number | null;
  highestUsagePercent: number | null;
  versionWarning: string | null;
  /** Statements above 200 ms. */
  slowQueries: number;
}

/** How one cycle went, all parts together. */
export interface CycleReport extends ShardReport {
  durationMs: number;
  isDegraded: boolean;
}

const lowestRate = 0.95;
const longestMs = 45_000;

/** Share of the accounts that were read; 1 when there was none to read. */
function successRate(report: Pick<CycleReport, 'attempted' | 'succeeded'>): number {
  return report.attempted === 0 ? 1 : report.succeeded / report.attempted;
}

/** A cycle that read less than 95% of its accounts or took longer than 45 s is degraded and says so. */
export function isDegraded(report: Pick<CycleReport, 'attempted' | 'succeeded' | 'durationMs'>): boolean {
  return successRate(report) < lowestRate || report.durationMs > longestMs;
}

/** Whether less than `lowestPercent` was read, so that people must hear of it. */
export function isFailing(
  report: Pick<CycleReport, 'attempted' | 'succeeded'>,
  lowestPercent: number,
): boolean {
  return successRate(report) * 100 < lowestPercent;
}

/** Whether a cycle saw anything of what there is to see: the sign of life that the outside is given. */
export function isAlive(report: Pick<CycleReport, 'attempted' | 'succeeded' | 'unasked'>): boolean {
  return report.succeeded > 0 || (report.attempted === 0 && report.unasked === 0);
}

export const emptyReport: Readonly<ShardReport> = {
  attempted: 0,
  succeeded: 0,
  changed: 0,
  held: 0,
  unasked: 0,
  failures: {},
  requests: 0,
  countedCalls: 0,
  retries: 0,
  meanMs: null,
  p95Ms: null,
  highestUsagePercent: null,
  versionWarning: null,
  slowQueries: 0,
};

/** Two parts as one. Means are weighted by requests; of p95 and usage the higher one counts. */
export function addReports(one: ShardReport, other: ShardReport): ShardReport {
  const requests = one.requests + other.requests;
  const weighed = (one.meanMs ?? 0) * one.requests + (other.meanMs ?? 0) * other.requests;
  const failures = { ...one.failures };
  for (const [kind, count] of Object.entries(other.failures) as [FailureKind, number][])
    failures[kind] = (failures[kind] ?? 0) + count;
  return {
    attempted: one.attempted + other.attempted,
    succeeded: one.succeeded + other.succeeded,
    changed: one.changed + other.changed,
    held: one.held + other.held,
    unasked: one.unasked + other.unasked,
    failures,
    requests,
    countedCalls: one.countedCalls + other.countedCalls,
    retries: one.retries + other.retries,
    meanMs: requests === 0 ? null : Math.round(weighed / requests),
    p95Ms: higher(one.p95Ms, other.p95Ms),
    highestUsagePercent: higher(one.highestUsagePercent, other.highestUsagePercent),
    versionWarning: one.versionWarning ?? other.versionWarning,
    slowQueries: one.slowQueries + other.slowQueries,
  };
}

function higher(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : Math.max(one, other);
}
