import { causesOf, escalateEveryMs, repeatEveryMs } from '../../domain/alert-life.ts';
import type { Severity } from '../../domain/alert.ts';
import { quietUntil } from '../../domain/quiet-hours.ts';
import { routeAlert, type Routed } from '../../domain/routing.ts';
import type { Purpose } from '../../ports/channel.ts';
import type { Sql } from '../../ports/sql.ts';
import {
  findCause,
  findSilence,
  listReachable,
  listTold,
  markTold,
  muteAlert,
  queueMessages,
  readRouted,
  type MessageWords,
  type ReachableChannel,
} from '../../store/alert-life.ts';

interface Telling {
  /** Later than now (epoch ms), it lets what else the same cycle finds join in. */
  dueAt?: number;
  /** Channels that must hear in any case: they heard of what this ends. */
  toldBefore?: readonly number[];
  /** Channels that have heard of it by another message. */
  toldAlready?: readonly number[];
}

/**
 * Tells people of an alert that has just been opened, or could not be told before: a silence or a cause mutes it, and says so
 * on the alert; otherwise every channel that wants it gets a message. Part of the transaction that opens it.
 */
export async function tellOf(
  sql: Sql,
  alertId: number,
  at: number,
  { dueAt = at, toldBefore = [], toldAlready = [] }: Telling = {},
): Promise<void> {
  const alert = await readRouted(sql, alertId);
  if (alert === null) return;
  const silenceId = await findSilence(sql, alertId, at);
  const causes = causesOf(alert.kind);
  const hasCauses = causes.ofAccount.length + causes.ofConnection.length > 0;
  const mutedBy = silenceId === null && hasCauses ? await findCause(sql, alertId, causes) : null;
  await muteAlert(sql, alertId, { silenceId, mutedBy });
  if (silenceId !== null || mutedBy !== null) return;
  const channels = await listReachable(sql);
  const chosen = routeAlert(alert, channels, toldBefore).filter((id) => !toldAlready.includes(id));
  await queueFor(sql, alertId, alert.severity, channels, chosen, { purpose: 'opened', dueAt, at });
  const hasMore = routeAlert(alert, channels, [], [1, 9]).length > 0;
  const firstMs = Math.min(repeatEveryMs, hasMore ? escalateEveryMs : Infinity);
  await markTold(sql, alertId, at, alert.severity === 'critical' ? at + firstMs : null);
}

interface Said {
  /** Of those who have heard, only these; left out: all. */
  to?: readonly number[];
  purpose: Purpose;
  words?: MessageWords | null;
  dueAt?: number;
  at: number;
}

/** Tells everybody who has heard of an alert, or is about to, what has become of it. */
export async function tellAgain(sql: Sql, alertId: number, said: Said): Promise<void> {
  const alert = await readRouted(sql, alertId);
  if (alert === null) return;
  const told = said.to ?? (await listTold(sql, alertId));
  await queueFor(sql, alertId, alert.severity, await listReachable(sql), told, said);
}

/** Tells the contacts of these levels, who have not heard of the alert yet. */
export async function tellNext(
  sql: Sql,
  alertId: number,
  alert: Routed,
  channels: readonly ReachableChannel[],
  levels: readonly [number, number],
  said: Said,
): Promise<void> {
  const told = await listTold(sql, alertId);
  const chosen = routeAlert(alert, channels, [], levels).filter((id) => !told.includes(id));
  await queueFor(sql, alertId, alert.severity, channels, chosen, said);
}

async function queueFor(
  sql: Sql,
  alertId: number,
  severity: Severity,
  channels: readonly ReachableChannel[],
  chosen: readonly number[],
  { purpose, words = null, at, dueAt = at }: Said,
): Promise<void> {
  const to = channels
    .filter(({ channelId }) => chosen.includes(channelId))
    .map(({ channelId, quiet }) => {
      const until = severity === 'critical' ? null : quietUntil(quiet, at);
      return { channelId, dueAt: until ?? dueAt, isHeld: until !== null };
    });
  await queueMessages(sql, alertId, { to, purpose, words, at });
}
