import webPush from 'web-push';
import type { Channel } from '../../../ports/channel.ts';
import { dead, exchange, type Fetch } from '../http.ts';
import type { Vapid, WebPushSettings } from './config.ts';
import { outcomeOf } from './failures.ts';
import { topicOf, webPushPayload } from './message.ts';

/** After a day nobody needs to be told any more by a push. */
const ttlSeconds = 86_400;

/** A browser that has allowed notifications. */
export function webPushChannel(
  { endpoint, keys }: WebPushSettings,
  { fetch: send, vapid }: { fetch: Fetch; vapid: Vapid },
): Channel {
  return {
    spacingMs: 100,
    async send(message, signal) {
      let request: webPush.RequestDetails & { body: Buffer };
      try {
        request = webPush.generateRequestDetails({ endpoint, keys }, webPushPayload(message), {
          vapidDetails: vapid,
          TTL: ttlSeconds,
          urgency: message.severity === 'critical' ? 'high' : 'normal',
          topic: topicOf(message),
          contentEncoding: 'aes128gcm',
        });
      } catch {
        // A key of the right length that is no point on the curve: this browser can never be written to.
        return dead("the subscription's keys are not valid", true);
      }
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      const body = new Uint8Array(request.body);
      return outcomeOf(await exchange(send, { url: new URL(endpoint), headers, body }, signal));
    },
  };
}
