import { endedAlertWords } from '../../domain/alert-words.ts';
import type { MessageWords } from '../../store/alert-life.ts';
import type { Sql } from '../../ports/sql.ts';
import { endAlert } from '../../store/alerts.ts';
import { tellAgain } from './tell.ts';

/** Ends an alert and tells the channels that got it. One that has ended before is told of no more. */
export async function resolveAlert(
  sql: Sql,
  alertId: number,
  at: number,
  words: MessageWords | null = null,
): Promise<void> {
  const ended = await endAlert(sql, alertId, at);
  if (ended !== null)
    await tellAgain(sql, alertId, { purpose: 'resolved', words: words ?? endedAlertWords(ended), at });
}
