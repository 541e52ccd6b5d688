import type { Channel } from '../../../ports/channel.ts';
import { exchange, jsonCall, type Fetch } from '../http.ts';
import { parseWebhookUrl } from './config.ts';
import { outcomeOf } from './failures.ts';
import { slackMessage } from './message.ts';

/** How one Slack channel is reached. The address is a secret: whoever has it can post. */
export interface SlackWebhook {
  webhookUrl: string;
  /** Node's own unless given. */
  fetch?: Fetch;
}

/** A Slack incoming webhook as a channel. Throws on an address that is none. */
export function slackChannel({ webhookUrl, fetch: send = fetch }: SlackWebhook): Channel {
  const url = parseWebhookUrl(webhookUrl);
  return {
    // https://docs.slack.dev/apis/web-api/rate-limits: one message per second and channel.
    spacingMs: 1_000,
    async send(message, signal) {
      return outcomeOf(await exchange(send, jsonCall(url, slackMessage(message)), signal));
    },
  };
}
