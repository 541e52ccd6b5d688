import type { Actor } from '../../domain/permissions.ts';
import type { SendOutcome } from '../../ports/channel.ts';
import { lockChannelNamed } from '../../store/channels.ts';
import { noteChannelError } from '../../store/deliveries.ts';
import { takeTry } from '../../store/throttles.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';
import { noSuchChannel, type ChannelsDeps } from './channels-deps.ts';

const patienceMs = 10_000;
/** Receivers count too, and may shut out whoever sends too much. */
const allowance = { tries: 10, windowMs: 10 * 60_000 };

/** What came of a test message, and how long the receiver took. */
export interface ChannelTest {
  outcome: SendOutcome['outcome'];
  /** Why it did not arrive; null when it did. */
  reason: string | null;
  tookMs: number;
}

/** Sends a test message at once, beside the outbox; what came of it is remembered on the channel. Throws `Refused`. */
export async function testChannel(
  deps: ChannelsDeps,
  actor: Actor,
  name: string,
): Promise<Wish<ChannelTest>> {
  mustBeAllowed(actor, 'channels:change');
  const stored = await deps.database.transaction((sql) => lockChannelNamed(sql, name));
  return stored === null ? noSuchChannel(name) : sendTest(deps, actor, stored);
}

/** The test itself, for whoever may ask for it. */
export async function sendTest(
  deps: Pick<ChannelsDeps, 'database' | 'clock' | 'openChannel'>,
  actor: Actor,
  stored: Parameters<ChannelsDeps['openChannel']>[0],
): Promise<Wish<ChannelTest>> {
  const { database, clock } = deps;
  const { name } = stored;
  const channel = await deps.openChannel(stored);
  if (channel === null)
    return {
      isDone: false,
      problem: `The settings of "${name}" cannot be read; remove it and add it again.`,
    };
  const at = await clock.now();
  const taken = await database.transaction((sql) =>
    takeTry(sql, `channel-test:${actor.name}`, allowance, at),
  );
  if (!taken.isAllowed) {
    const minutes = Math.ceil((taken.pausedUntil - at) / 60_000);
    return { isDone: false, problem: `Too many test messages. Try again in ${minutes} minutes.` };
  }
  const startedMs = clock.monotonicMs();
  const outcome = await channel.send(
    {
      purpose: 'test',
      shortId: 'TEST00',
      severity: 'info',
      title: 'Test message',
      text: `This is how an alert of ArbHub looks on "${name}". Nothing has happened.`,
      fields: [{ label: 'Sent by', value: actor.name }],
      openedAt: at,
      link: null,
      isPossibleRepeat: false,
      deliveryKey: `test-${stored.id}-${at}`,
      incidentKey: `test-${stored.id}-${at}`,
      sentRef: null,
    },
    AbortSignal.timeout(patienceMs),
  );
  const tookMs = Math.round(clock.monotonicMs() - startedMs);
  const reason = outcome.outcome === 'sent' ? null : outcome.reason;
  if (reason !== null) await noteChannelError(database.sql, stored.id, reason, at);
  return { isDone: true, value: { outcome: outcome.outcome, reason, tookMs } };
}
