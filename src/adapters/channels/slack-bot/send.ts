import { z } from 'zod';
import type { Channel } from '../../../ports/channel.ts';
import { exchange, jsonCall, jsonOf, under, type Fetch } from '../http.ts';
import { isReminder, isUpdate } from '../words.ts';
import type { SlackBotSettings } from './config.ts';
import { isGone, outcomeOf } from './failures.ts';
import { eventType, postedMessage, updatedMessage } from './message.ts';

/** A page of history; with metadata and attachments each message may take some kilobytes. */
const page = { messages: 100, characters: 4_000_000 };
/** Clocks may differ: what was sent for an alert is looked for from so long before it was opened. */
const slackOfClocksMs = 120_000;

/** A bot in a Slack channel: it edits its first message, answers it, and finds again what it sent. */
export function slackBotChannel(
  { token, channel }: SlackBotSettings,
  { fetch: send, apiUrl }: { fetch: Fetch; apiUrl: string },
): Channel {
  const headers = { authorization: `Bearer ${token}` };
  const call = (method: string, body: unknown, signal: AbortSignal) =>
    exchange(send, jsonCall(under(apiUrl, method), body, headers), signal);

  return {
    // https://docs.slack.dev/apis/web-api/rate-limits: one message per second and channel.
    spacingMs: 1_000,
    async send(message, signal) {
      const first = partsOf(message.sentRef);
      if (first !== null && isUpdate(message)) {
        const answer = await call('chat.update', updatedMessage(message, first.channel, first.ts), signal);
        if (!isGone(answer)) return outcomeOf(answer);
      }
      if (first !== null && isReminder(message)) {
        const answer = await call('chat.postMessage', postedMessage(message, channel, first.ts), signal);
        if (!isGone(answer)) return outcomeOf(answer);
      }
      return outcomeOf(await call('chat.postMessage', postedMessage(message, channel, null), signal));
    },

    async findSent(message, signal) {
      const url = under(apiUrl, 'conversations.history');
      const oldest = Math.max(0, message.openedAt - slackOfClocksMs) / 1000;
      url.search = new URLSearchParams({
        channel,
        oldest: oldest.toFixed(6),
        include_all_metadata: 'true',
        limit: String(page.messages),
      }).toString();
      const answer = await exchange(
        send,
        { url, method: 'GET', headers, longestAnswer: page.characters },
        signal,
      );
      if ('outcome' in answer) return null;
      const { data: history } = historyShape.safeParse(jsonOf(answer));
      if (history?.ok !== true) return null;
      const found = history.messages.find(
        ({ metadata }) =>
          metadata?.event_type === eventType &&
          metadata.event_payload['delivery_key'] === message.deliveryKey,
      );
      if (found !== undefined) return { arrived: true, ref: `${channel}:${found.ts}` };
      return history.has_more === true ? null : { arrived: false };
    },
  };
}

const historyShape = z.object({
  ok: z.literal(true),
  has_more: z.boolean().optional(),
  messages: z.array(
    z.object({
      ts: z.string(),
      metadata: z
        .object({ event_type: z.string(), event_payload: z.record(z.string(), z.unknown()) })
        .optional()
        .catch(undefined),
    }),
  ),
});

/** The channel and the time stamp by which Slack names a message; null for what is no reference of ours. */
function partsOf(ref: string | null): { channel: string; ts: string } | null {
  const [, channel, ts] = /^([A-Z0-9]+):(\d+\.\d+)$/.exec(ref ?? '') ?? [];
  return channel === undefined || ts === undefined ? null : { channel, ts };
}
