import type { FailureKind } from './observation.ts';

/** How one cycle went. Durations are milliseconds; rates 0 to 1. */
export interface CycleReport {
  attempted: number;
  succeeded: number;
  changed: number;
  failures: Partial<Record<FailureKind, number>>;
  durationMs: number;
  requests: number;
  countedCalls: number;
  meanMs: number | null;
  p95Ms: number | null;
  highestUsagePercent: number | null;
  versionWarning: string | null;
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

/** Whether so little was read that people must hear of it. */
export function isFailing(report: Pick<CycleReport, 'attempted' | 'succeeded'>): boolean {
  return successRate(report) < lowestRate;
}
