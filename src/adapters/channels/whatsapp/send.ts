import type { Channel } from '../../../ports/channel.ts';
import { exchange, jsonCall, under, type Fetch } from '../http.ts';
import type { WhatsappSettings } from './config.ts';
import { outcomeOf } from './failures.ts';
import { whatsappMessage } from './message.ts';

/**
 * A phone that gets template messages by the WhatsApp Cloud API. It can neither edit nor be asked what has
 * arrived.
 */
export function whatsappChannel(
  settings: WhatsappSettings,
  { fetch: send, apiUrl, version }: { fetch: Fetch; apiUrl: string; version: string },
): Channel {
  const url = under(apiUrl, `${version}/${settings.phoneNumberId}/messages`);
  const headers = { authorization: `Bearer ${settings.token}` };
  return {
    // One receiver may get a burst of 45, then one each six seconds; 131056 says when that is used up.
    spacingMs: 1_000,
    async send(message, signal) {
      return outcomeOf(
        await exchange(send, jsonCall(url, whatsappMessage(message, settings), headers), signal),
      );
    },
  };
}
