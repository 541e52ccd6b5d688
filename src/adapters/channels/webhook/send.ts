import type { Channel } from '../../../ports/channel.ts';
import type { Clock } from '../../../ports/clock.ts';
import { exchange, jsonCall, type Fetch } from '../http.ts';
import type { WebhookSettings } from './config.ts';
import { outcomeOf } from './failures.ts';
import { webhookBody, webhookHeaders } from './message.ts';

/** A receiver of one's own: signed JSON, which names each delivery so that a repeat is recognised. */
export function webhookChannel(
  { url, secret }: WebhookSettings,
  { fetch: send, clock }: { fetch: Fetch; clock: Pick<Clock, 'now'> },
): Channel {
  return {
    spacingMs: 100,
    async send(message, signal) {
      const body = webhookBody(message);
      const { deliveryKey } = message;
      const headers = webhookHeaders(body, { deliveryKey, secret, sentAt: await clock.now() });
      const call = jsonCall(new URL(url), null, headers);
      // The signature is over these very characters.
      return outcomeOf(await exchange(send, { ...call, body, longestAnswer: 0 }, signal));
    },
  };
}
