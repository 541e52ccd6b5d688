import type { Clock } from '../../ports/clock.ts';
import type { Database } from '../../ports/sql.ts';
import type { ActedAlert } from '../../store/alert-acts.ts';

/** What the verbs that act on alerts need. */
export interface ActDeps {
  database: Pick<Database, 'sql' | 'transaction'>;
  clock: Pick<Clock, 'now'>;
}

/** What became of it; `problem` is a sentence for the person who asked. */
export type Act = { isDone: true } | { isDone: false; problem: string };

export const done: Act = { isDone: true };
export const notDone = (problem: string): Act => ({ isDone: false, problem });

/** Why nobody can act on an alert, or null when somebody can. */
export function whyNot(alert: ActedAlert | null): string | null {
  if (alert === null) return 'There is no such alert.';
  if (alert.resolvedAt !== null) return 'This alert has ended already.';
  if (alert.acknowledgedBy !== null) return `${alert.acknowledgedBy} has acknowledged it already.`;
  return null;
}
