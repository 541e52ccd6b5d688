import { type Snooze, snoozeForm } from '../../contract/alert-acts.ts';
import { addDays, instantOf, isZone, localDay } from '../../domain/calendar.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Sql } from '../../ports/sql.ts';
import { findZone, lockAlert, writeSnooze } from '../../store/alert-acts.ts';
import { insertAudit } from '../../store/members.ts';
import { mustBeAllowed } from '../refusal.ts';
import { type Act, type ActDeps, done, notDone, whyNot } from './acts.ts';

const minuteMs = 60_000;
const morningHour = 8;

/** Lets an open alert rest: nothing more is said of it until then. "Tomorrow" is 08:00 of the actor's own zone. Throws `Refused`. */
export async function snoozeAlert(
  deps: ActDeps,
  actor: Actor,
  given: { alertId: number; until: Snooze },
): Promise<Act> {
  mustBeAllowed(actor, 'alerts:acknowledge');
  const wish = snoozeForm.safeParse(given);
  if (!wish.success) return notDone(wish.error.issues[0]?.message ?? 'This cannot be read.');
  const at = await deps.clock.now();
  const zone = (await findZone(deps.database.sql, actor.name)) ?? 'UTC';
  const until = snoozeEnd(wish.data.until, at, zone);
  const { alertId } = wish.data;
  return deps.database.transaction((sql) => restAlert(sql, { alertId, by: actor.name, until, at }));
}

/** The act itself, within the transaction of whoever has made sure that it is allowed. */
export async function restAlert(
  sql: Sql,
  word: { alertId: number; by: string; until: number; at: number },
): Promise<Act> {
  const { alertId, by, until, at } = word;
  const problem = whyNot(await lockAlert(sql, alertId));
  if (problem !== null) return notDone(problem);
  await writeSnooze(sql, alertId, until);
  const detail = { alertId, until: new Date(until).toISOString() };
  await insertAudit(sql, { at, actor: by, action: 'alert.snoozed', detail });
  return done;
}

/** When a snooze that begins now is over. */
export function snoozeEnd(until: Snooze, at: number, zone: string): number {
  switch (until) {
    case '15min':
      return at + 15 * minuteMs;
    case '1h':
      return at + 60 * minuteMs;
    case '4h':
      return at + 240 * minuteMs;
    case 'tomorrow': {
      const known = isZone(zone) ? zone : 'UTC';
      return instantOf(addDays(localDay(at, known), 1), morningHour * 60, known);
    }
  }
}
