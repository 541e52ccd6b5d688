import { endedAlertWords } from '../../domain/alert-words.ts';
import type { Sql } from '../../ports/sql.ts';
import type { MessageWords } from '../../store/alert-life.ts';
import { endAlert } from '../../store/alerts.ts';
import { tellAgain } from './tell.ts';

interface Ending {
  /** Says how it ended; without it, that it did. */
  words?: MessageWords;
  /** One of many that end together: only receivers that keep each alert as a thing of its own are told of this one. */
  isOfMany?: boolean;
}

/**
 * Ends an alert and tells the channels that got it; answers those that were told. One that has ended before is told of no more.
 */
export async function resolveAlert(
  sql: Sql,
  alertId: number,
  at: number,
  { words, isOfMany = false }: Ending = {},
): Promise<number[]> {
  const ended = await endAlert(sql, alertId, at);
  if (ended === null) return [];
  return tellAgain(
    sql,
    alertId,
    { purpose: 'resolved', words: words ?? endedAlertWords(ended), at },
    ({ keepsIncidents }) => !isOfMany || keepsIncidents,
  );
}
