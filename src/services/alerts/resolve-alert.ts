import { endedAlertWords } from '../../domain/alert-words.ts';
import type { Sql } from '../../ports/sql.ts';
import { endAlert, enqueueDeliveries } from '../../store/alerts.ts';

/** Ends an alert and tells the channels that got it. One that has ended before is told of no more. */
export async function resolveAlert(sql: Sql, alertId: number, at: number): Promise<void> {
  const ended = await endAlert(sql, alertId, at);
  if (ended === null) return;
  const words = endedAlertWords(ended);
  await enqueueDeliveries(sql, alertId, ended.channelIds, at, { purpose: 'resolved', step: 'next', words });
}
