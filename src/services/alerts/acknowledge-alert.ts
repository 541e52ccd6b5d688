import { acknowledgeForm } from '../../contract/alert-acts.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Sql } from '../../ports/sql.ts';
import { lockAlert, writeAcknowledgement } from '../../store/alert-acts.ts';
import { insertAudit } from '../../store/members.ts';
import { mustBeAllowed } from '../refusal.ts';
import { tellAgain } from './tell.ts';
import { type Act, type ActDeps, done, notDone, whyNot } from './acts.ts';

/** Somebody takes care of an open alert: repeats and escalation stop, and the channels that got it are told. Throws `Refused`. */
export async function acknowledgeAlert(
  deps: ActDeps,
  actor: Actor,
  given: { alertId: number; reason: string },
): Promise<Act> {
  mustBeAllowed(actor, 'alerts:acknowledge');
  const wish = acknowledgeForm.safeParse(given);
  if (!wish.success) return notDone(wish.error.issues[0]?.message ?? 'This cannot be read.');
  const at = await deps.clock.now();
  return deps.database.transaction((sql) => takeAlert(sql, { ...wish.data, by: actor.name, at }));
}

/** The act itself, within the transaction of whoever has made sure that it is allowed. */
export async function takeAlert(
  sql: Sql,
  word: { alertId: number; by: string; reason: string; at: number },
): Promise<Act> {
  const { alertId, by, reason, at } = word;
  const alert = await lockAlert(sql, alertId);
  const problem = whyNot(alert);
  if (problem !== null) return notDone(problem);
  await writeAcknowledgement(sql, alertId, word);
  const words = alert && { title: alert.title, body: `Acknowledged by ${by}: ${reason}. ${alert.body}` };
  await tellAgain(sql, alertId, { purpose: 'acknowledged', words, at });
  await insertAudit(sql, { at, actor: by, action: 'alert.acknowledged', detail: { alertId, reason } });
  return done;
}
