import { nextAttemptAt, trustedWaitMs } from '../../domain/backoff.ts';
import { shortId } from '../../domain/short-id.ts';
import type { SendOutcome } from '../../ports/channel.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { Database } from '../../ports/sql.ts';
import * as store from '../../store/deliveries.ts';

export interface SettleDeps {
  database: Pick<Database, 'sql' | 'transaction'>;
  clock: Clock;
  log: Log;
  /** 0 to 1. */
  random: () => number;
}

type ChannelName = { id: number; name: string };

/** Writes down what became of an attempt; `stale` when the claim had been taken over meanwhile, and nothing was written. */
export async function settleAttempt(
  deps: SettleDeps,
  to: ChannelName,
  claim: store.ClaimedDelivery,
  outcome: SendOutcome,
): Promise<'sent' | 'retried' | 'dead' | 'stale'> {
  const now = await deps.clock.now();
  switch (outcome.outcome) {
    case 'sent':
      return (await store.recordSent(deps.database.sql, claim, now, outcome.ref)) ? 'sent' : 'stale';
    case 'dead':
      return endDelivery(deps, to, claim, outcome, now);
    case 'retry': {
      const { attempt: attempts, createdAt } = claim;
      const { retryAfterMs, reason } = outcome;
      const dueAt = nextAttemptAt({ attempts, retryAfterMs, now, createdAt, random: deps.random() });
      if (dueAt === 'dead') return endDelivery(deps, to, claim, { reason, disablesChannel: false }, now);
      return deps.database.transaction(async (sql) => {
        if (outcome.pausesChannel) await store.pauseChannel(sql, to.id, now + trustedWaitMs(retryAfterMs));
        await store.noteChannelError(sql, to.id, reason, now);
        const failure = { dueAt, reason, mayHaveArrived: outcome.mayHaveArrived };
        return (await store.recordRetry(sql, claim, failure)) ? 'retried' : 'stale';
      });
    }
  }
}

/** Marks a delivery dead and sees to it that somebody hears of its alert; ends its channel too where that is gone. */
async function endDelivery(
  { database, log }: SettleDeps,
  to: ChannelName,
  claim: store.ClaimedDelivery,
  { reason, disablesChannel }: { reason: string; disablesChannel: boolean },
  now: number,
): Promise<'dead' | 'stale'> {
  const isOurs = await database.transaction(async (sql) => {
    await store.lockChannel(sql, to.id);
    await store.noteChannelError(sql, to.id, reason, now);
    if (!(await store.recordDead(sql, claim, reason))) return false;
    const isNews = disablesChannel && (await store.disableChannel(sql, to.id, reason, now));
    const buried = isNews ? await store.buryUndeliverable(sql, now) : [];
    const ended = [claim, ...buried];
    const endedIds = ended.map(({ id }) => id);
    await store.handOver(sql, endedIds, now);
    if (isNews) await store.openChannelAlert(sql, to.id, channelDisabled(to, reason, ended, now));
    return true;
  });
  if (!isOurs) return 'stale';
  log.error(disablesChannel ? 'channel_disabled' : 'delivery_dead', {
    channel: to.name,
    delivery: claim.id,
    reason,
  });
  return 'dead';
}

const mostNamed = 10;

function channelDisabled(
  to: ChannelName,
  reason: string,
  ended: readonly { alertId: number }[],
  now: number,
) {
  const names = ended.slice(0, mostNamed).map(({ alertId }) => shortId(alertId));
  const rest = ended.length - names.length;
  return {
    key: `channel:${to.id}:disabled:${now}`,
    kind: 'channel_disabled',
    title: 'Channel disabled',
    body: `Channel "${to.name}" takes no more messages: ${reason}. Alerts that did not reach it: ${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`,
    fields: [
      { label: 'Channel', value: to.name },
      { label: 'Reason', value: reason },
    ],
    now,
  };
}
