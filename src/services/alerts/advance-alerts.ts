import { lastedWords, stableAfterMs, stepAlert, type AlertStep } from '../../domain/alert-life.ts';
import { stableWords } from '../../domain/alert-words.ts';
import { mostSingleAlerts } from '../../domain/alert.ts';
import { shortId } from '../../domain/short-id.ts';
import { routeAlert } from '../../domain/routing.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Database, Sql } from '../../ports/sql.ts';
import * as life from '../../store/alert-life.ts';
import { openAlert } from '../../store/alerts.ts';
import { endHeld, lockHeld, type HeldMessage } from '../../store/held-messages.ts';
import { resolveAlert } from './resolve-alert.ts';
import { tellAgain, tellNext, tellOf } from './tell.ts';

export interface AdvanceDeps {
  database: Pick<Database, 'sql' | 'transaction'>;
  clock: Pick<Clock, 'now'>;
}

/** A symptom whose cause has just ended may end by itself with the next readings. */
const graceMs = 10 * 60_000;

/**
 * Lets the alerts go on whose time has come: said again, told to the next contact, told after all because a silence or a cause
 * has ended, and what quiet hours held. All in one transaction, by one process at a time; what a crash cuts off is due still.
 * Answers when something is due next (epoch ms), null when nothing is.
 */
export async function advanceAlerts({ database, clock }: AdvanceDeps): Promise<number | null> {
  const now = await clock.now();
  await database.transaction(async (sql) => {
    if (!(await life.takeAdvancing(sql))) return;
    await life.wakeSilenced(sql, now);
    await sayAgain(sql, now);
    for (const alertId of await life.lockUnmuted(sql, now, now - graceMs)) await tellOf(sql, alertId, now);
    await releaseHeld(sql, now);
    await settleFlapping(sql, now);
  });
  return life.findNextStep(database.sql);
}

/** An account that has stood still for a while is told of as it is; what was withheld and still holds is told now. */
async function settleFlapping(sql: Sql, now: number): Promise<void> {
  for (const { alertId, accountId, state, withheld } of await life.lockStable(sql, now - stableAfterMs)) {
    await resolveAlert(sql, alertId, now, { words: stableWords(accountId, state) });
    for (const id of withheld) await tellOf(sql, id, now);
  }
}

async function sayAgain(sql: Sql, now: number): Promise<void> {
  const due = await life.lockDueAlerts(sql, now);
  if (due.length === 0) return;
  const channels = await life.listReachable(sql);
  const repeats = new Map<string, life.DueAlert[]>();
  for (const alert of due) {
    const silenceId = await life.findSilence(sql, alert.id, now);
    if (silenceId !== null) {
      await life.muteAlert(sql, alert.id, { silenceId, mutedBy: null });
      continue;
    }
    const routed = await life.readRouted(sql, alert.id);
    if (routed === null) continue;
    const behind = routeAlert(routed, channels, [], [1, 9]);
    const levels = channels.filter(({ channelId }) => behind.includes(channelId));
    const highestLevel = Math.max(0, ...levels.map(({ escalationLevel }) => escalationLevel));
    const step: AlertStep = stepAlert({ ...alert, highestLevel }, now);
    const words = {
      title: alert.title,
      body: `Not acknowledged for ${lastedWords(now - alert.toldAt)}. ${alert.body}`,
    };
    if (step.escalatedTo > alert.escalatedTo)
      await tellNext(sql, alert.id, routed, channels, [alert.escalatedTo + 1, step.escalatedTo], {
        ...{ purpose: 'escalated', words, at: now },
      });
    if (step.doesRepeat) repeats.set(alert.kind, [...(repeats.get(alert.kind) ?? []), alert]);
    const isSnoozed = alert.snoozedUntil !== null && alert.snoozedUntil > now;
    await life.saveStep(sql, alert.id, { ...step, isSnoozed });
  }
  for (const alerts of repeats.values())
    if (alerts.length > mostSingleAlerts)
      for (const { to, heard } of await listAudiences(sql, alerts)) await repeatTogether(sql, heard, to, now);
    else
      for (const alert of alerts)
        await tellAgain(sql, alert.id, {
          purpose: 'repeat',
          words: {
            title: alert.title,
            body: `Still down for ${lastedWords(now - alert.toldAt)}. ${alert.body}`,
          },
          at: now,
        });
}

/** The channels by what they have heard of: nobody is to learn of an alert by a repeat of another one. */
async function listAudiences(
  sql: Sql,
  alerts: readonly life.DueAlert[],
): Promise<{ to: number[]; heard: life.DueAlert[] }[]> {
  const byChannel = new Map<number, life.DueAlert[]>();
  for (const alert of alerts)
    for (const channelId of await life.listTold(sql, alert.id))
      byChannel.set(channelId, [...(byChannel.get(channelId) ?? []), alert]);
  const audiences = new Map<string, { to: number[]; heard: life.DueAlert[] }>();
  for (const [channelId, heard] of byChannel) {
    const key = heard.map(({ id }) => id).join();
    audiences.set(key, { heard, to: [...(audiences.get(key)?.to ?? []), channelId] });
  }
  return [...audiences.values()];
}

/** Many of one kind are said again in one message: the oldest one's, which names the others. */
async function repeatTogether(
  sql: Sql,
  alerts: readonly life.DueAlert[],
  to: readonly number[],
  now: number,
): Promise<void> {
  const [oldest] = alerts;
  if (oldest === undefined) return;
  const named = alerts.slice(0, mostSingleAlerts).map(({ id, body }) => `${body} [${shortId(id)}]`);
  const rest = alerts.length - named.length;
  const words = {
    title: `${alerts.length} alerts: ${oldest.title.toLowerCase()}`,
    body: `${named.join('\n')}${rest > 0 ? `\nand ${rest} more` : ''}`,
  };
  await tellAgain(
    sql,
    oldest.id,
    { purpose: 'repeat', words: alerts.length === 1 ? null : words, at: now },
    ({ channelId }) => to.includes(channelId),
  );
}

const mostListed = 20;

/** One held message goes out as it is; several become one digest per channel. */
async function releaseHeld(sql: Sql, now: number): Promise<void> {
  const byChannel = new Map<number, HeldMessage[]>();
  for (const held of await lockHeld(sql, now))
    byChannel.set(held.channelId, [...(byChannel.get(held.channelId) ?? []), held]);
  for (const [channelId, held] of byChannel) {
    const ids = held.map(({ id }) => id);
    const [first] = held;
    if (held.length === 1 || first === undefined) {
      await endHeld(sql, ids, 'pending');
      continue;
    }
    const lines = held.slice(0, mostListed).map(({ title, body, alertId, openedAt }) => {
      const time = `${new Date(openedAt).toISOString().slice(11, 16)} UTC`;
      return `${time} ${title}: ${body} [${shortId(alertId)}]`;
    });
    const rest = held.length - lines.length;
    const alertId = await openAlert(
      sql,
      {
        key: `quiet:${channelId}:${first.id}`,
        kind: 'quiet_digest',
        subject: null,
        severity: 'info',
        title: `${held.length} messages from your quiet hours`,
        body: `${lines.join('\n')}${rest > 0 ? `\nand ${rest} more` : ''}`,
        fields: [],
        connectionId: null,
        accounts: [],
      },
      now,
    );
    if (alertId !== null) {
      await life.queueMessages(sql, alertId, {
        to: [{ channelId, dueAt: now, isHeld: false }],
        purpose: 'digest',
        words: null,
        at: now,
      });
    }
    await endHeld(sql, ids, 'digested');
  }
}
