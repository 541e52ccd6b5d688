import { shortId } from '../../domain/short-id.ts';
import type { AlertMessage, Channel, Purpose, SendOutcome } from '../../ports/channel.ts';
import * as store from '../../store/deliveries.ts';
import { settleAttempt, type SettleDeps } from './settle-attempt.ts';

/** What the sender needs from the house. */
export interface DeliveryDeps extends SettleDeps {
  /** Makes a channel of what is stored of it; null when its settings cannot be read or used. */
  openChannel: OpenChannel;
  /** Where the message's reader can act upon the alert; made anew for each attempt. Null: nowhere. */
  linkOf: (claim: { alertId: number; channelId: number; purpose: Purpose }) => Promise<string | null>;
  /** Names this process among all senders. */
  owner: string;
}

export type OpenChannel = (stored: store.DueChannel) => Promise<Channel | null>;

/** What a run did; `nextDueAt` (epoch ms) is when to run again, null when nothing waits. */
export interface DeliveryReport {
  sent: number;
  retried: number;
  dead: number;
  nextDueAt: number | null;
}

const attemptMs = 10_000;
const leaseMs = 30_000;
/** An attempt in flight gets this long after a stop: cutting it at once would leave it in doubt for nothing. */
const graceMs = 5_000;
/** So many failures in a row are the channel's, not the messages'; then it rests, and the run ends. */
const mostFailures = 3;
const restMs = 10_000;

/**
 * Sends what is due, all channels side by side, until nothing is due now or `signal` asks to stop.
 * Runs may overlap, in one process or many: a run that waits for a slow receiver need not be waited for.
 */
export async function deliverDue(
  deps: DeliveryDeps,
  { signal }: { signal?: AbortSignal } = {},
): Promise<DeliveryReport> {
  const { database, clock, log } = deps;
  const tally = { sent: 0, retried: 0, dead: await buryWaiting(deps) };
  const unknown = new Set<number>();
  let hasMore = true;
  while (hasMore && signal?.aborted !== true) {
    const due = await store.listDueChannels(database.sql, await clock.now());
    const drains: Promise<number>[] = [];
    for (const stored of due) {
      if (unknown.has(stored.id)) continue;
      const channel = await deps.openChannel(stored);
      if (channel !== null) drains.push(drainChannel(deps, { ...stored, channel }, tally, signal));
      else {
        unknown.add(stored.id);
        log.error('channel_not_configured', { channel: stored.name });
      }
    }
    const ends = await Promise.allSettled(drains);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    // A disabled channel gives work to others that had finished.
    hasMore = ends.some((end) => end.status === 'fulfilled' && end.value > 0);
  }
  return { ...tally, nextDueAt: await store.findNextDue(database.sql, { exceptIds: [...unknown] }) };
}

/** What still waits for a channel that was disabled, by hand or while new alerts were being routed to it. */
async function buryWaiting({ database, clock, log }: DeliveryDeps): Promise<number> {
  const now = await clock.now();
  return database.transaction(async (sql) => {
    const buried = await store.buryUndeliverable(sql, now);
    if (buried.length === 0) return 0;
    await store.handOver(
      sql,
      buried.map(({ id }) => id),
      now,
    );
    log.error('deliveries_dead', { deliveries: buried.length, reason: 'channel disabled' });
    return buried.length;
  });
}

interface Drained {
  id: number;
  name: string;
  channel: Channel;
}

type Tally = Record<'sent' | 'retried' | 'dead', number>;

/** Sends one channel's due deliveries one after the other; answers how many it took. */
async function drainChannel(
  deps: DeliveryDeps,
  to: Drained,
  tally: Tally,
  stop?: AbortSignal,
): Promise<number> {
  const { database, clock, log, owner } = deps;
  const { spacingMs } = to.channel;
  let taken = 0;
  let failures = 0;
  while (failures < mostFailures) {
    if (stop?.aborted === true) return taken;
    const startedMs = clock.monotonicMs();
    const now = await clock.now();
    const claim = await store.claimDelivery(database, { channelId: to.id, owner, now, leaseMs, spacingMs });
    if (claim === null) {
      const nextAt = await store.findNextDue(database.sql, { channelId: to.id });
      if (nextAt === null || nextAt <= now || nextAt - now > spacingMs) return taken;
      await clock.sleep(nextAt - now, stop);
      continue;
    }
    taken += 1;
    // Frozen since the claim: by the end of the attempt somebody else could be sending the same.
    if (clock.monotonicMs() - startedMs > leaseMs - attemptMs) continue;
    const outcome = await attempt(deps, to, claim, stop);
    const result = await settleAttempt(deps, to, claim, outcome);
    const reason = outcome.outcome === 'sent' ? null : outcome.reason;
    log.info('delivery_attempt', {
      delivery: claim.id,
      channel: to.name,
      attempt: claim.attempt,
      result,
      reason,
    });
    if (result !== 'stale') tally[result] += 1;
    failures = outcome.outcome === 'retry' ? failures + 1 : 0;
  }
  await store.pauseChannel(database.sql, to.id, (await clock.now()) + restMs);
  return taken;
}

async function attempt(
  deps: DeliveryDeps,
  to: Drained,
  claim: store.ClaimedDelivery,
  stop?: AbortSignal,
): Promise<SendOutcome> {
  const deadline = new AbortController();
  const abort = (): void => deadline.abort();
  const timers = [setTimeout(abort, attemptMs)];
  const shorten = (): unknown => timers.push(setTimeout(abort, graceMs));
  if (stop?.aborted === true) shorten();
  else stop?.addEventListener('abort', shorten, { once: true });
  try {
    const message = messageOf(claim, await deps.linkOf(claim));
    // What an earlier attempt may have brought over is looked for first, where the receiver can be asked.
    const found = claim.isPossibleRepeat ? await to.channel.findSent?.(message, deadline.signal) : null;
    if (found?.arrived === true)
      return { outcome: 'sent', ...(found.ref === undefined ? {} : { ref: found.ref }) };
    const isNew = found?.arrived === false;
    return await to.channel.send(isNew ? { ...message, isPossibleRepeat: false } : message, deadline.signal);
  } catch (error) {
    // A mistake of ours must not stop the other messages; its text may quote what was sent.
    const name = error instanceof Error ? error.name : typeof error;
    deps.log.error('channel_threw', { channel: to.name, delivery: claim.id, error: name });
    return {
      outcome: 'retry',
      reason: `sender failed: ${name}`,
      retryAfterMs: null,
      pausesChannel: false,
      mayHaveArrived: true,
    };
  } finally {
    stop?.removeEventListener('abort', shorten);
    for (const timer of timers) clearTimeout(timer);
  }
}

function messageOf(claim: store.ClaimedDelivery, link: string | null): AlertMessage {
  const fields: unknown[] = Array.isArray(claim.fields) ? claim.fields : [];
  return {
    purpose: claim.purpose,
    shortId: shortId(claim.alertId),
    // What is over is good news, whatever it was.
    severity: claim.purpose === 'resolved' ? 'info' : claim.severity,
    title: claim.title,
    text: claim.body,
    fields: fields.filter(isField),
    openedAt: claim.openedAt,
    link,
    isPossibleRepeat: claim.isPossibleRepeat,
    incidentKey: `${claim.alertId}-${claim.channelId}`,
    sentRef: claim.sentRef,
    deliveryKey: `${claim.alertId}-${claim.channelId}-${claim.step}`,
  };
}

function isField(field: unknown): field is { label: string; value: string } {
  const { label, value } = { ...(field as { label?: unknown; value?: unknown } | null) };
  return typeof label === 'string' && typeof value === 'string';
}
