import { endedAlertWords } from '../../domain/alert-words.ts';
import type { Sql } from '../../ports/sql.ts';
import { endAlert } from '../../store/alerts.ts';
import { tellAgain } from './tell.ts';

/** Ends an alert and tells the channels that got it, in the words of `body` if given. One that has ended is told of no more. */
export async function resolveAlert(
  sql: Sql,
  alertId: number,
  at: number,
  body: string | null = null,
): Promise<void> {
  const ended = await endAlert(sql, alertId, at);
  if (ended !== null)
    await tellAgain(sql, alertId, {
      purpose: 'resolved',
      words: body === null ? endedAlertWords(ended) : { title: ended.title, body },
      at,
    });
}
