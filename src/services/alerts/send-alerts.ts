import { advanceAlerts } from './advance-alerts.ts';
import { deliverDue, type DeliveryDeps, type DeliveryReport } from './deliver-due.ts';

/**
 * Lets the alerts go on whose time has come, then sends what is due. `nextDueAt` in the answer is when to run again. A fault in
 * the one keeps nobody from the other.
 */
export async function sendAlerts(
  deps: DeliveryDeps,
  options: { signal?: AbortSignal } = {},
): Promise<DeliveryReport> {
  let nextStepAt: number | null = null;
  try {
    nextStepAt = await advanceAlerts(deps);
  } catch (error) {
    deps.log.error('alerts do not go on', { error: String(error) });
  }
  const report = await deliverDue(deps, options);
  const next = [report.nextDueAt, nextStepAt].filter((at) => at !== null);
  return { ...report, nextDueAt: next.length === 0 ? null : Math.min(...next) };
}
