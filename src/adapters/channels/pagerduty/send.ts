import type { Channel } from '../../../ports/channel.ts';
import { dead, exchange, jsonCall, under, type Fetch } from '../http.ts';
import type { PagerdutySettings } from './config.ts';
import { outcomeOf } from './failures.ts';
import { pagerdutyEvent } from './message.ts';

/**
 * A PagerDuty service, by its Events API v2: one incident per alert, which ArbHub acknowledges and resolves.
 */
export function pagerdutyChannel(
  { routingKey }: PagerdutySettings,
  { fetch: send, apiUrl, appUrl }: { fetch: Fetch; apiUrl: string; appUrl: string },
): Channel {
  const url = under(apiUrl, 'v2/enqueue');
  return {
    // An integration takes some 120 events a minute.
    spacingMs: 500,
    async send(message, signal) {
      const { purpose } = message;
      if (purpose === 'digest') return dead('PagerDuty takes no digests', false);
      const event = pagerdutyEvent({ ...message, purpose }, { routingKey, appUrl });
      return outcomeOf(await exchange(send, jsonCall(url, event), signal));
    },
  };
}
