import type { AlertMessage } from '../../../ports/channel.ts';
import { slackAttachment } from '../slack-attachment.ts';

/** The event type of the metadata by which a message is found again. */
export const eventType = 'arbhub_alert';

/** What `chat.postMessage` takes: https://docs.slack.dev/reference/methods/chat.postMessage */
export function postedMessage(message: AlertMessage, channel: string, threadTs: string | null) {
  return {
    channel,
    ...shownMessage(message),
    metadata: { event_type: eventType, event_payload: { delivery_key: message.deliveryKey } },
    // A link of ours works once: a preview must not open it.
    unfurl_links: false,
    unfurl_media: false,
    ...(threadTs === null ? {} : { thread_ts: threadTs, reply_broadcast: true }),
  };
}

/** What `chat.update` takes. Without metadata of its own the message keeps that of its first sending. */
export function updatedMessage(message: AlertMessage, channel: string, ts: string) {
  // To edit twice is to edit once, so nothing can be repeated.
  return { channel, ts, ...shownMessage({ ...message, isPossibleRepeat: false }) };
}

function shownMessage(message: AlertMessage) {
  const attachment = slackAttachment(message);
  // The fallback is what notifications and screen readers say.
  return { attachments: [{ ...attachment, fallback: `${attachment.title}: ${attachment.text}` }] };
}
