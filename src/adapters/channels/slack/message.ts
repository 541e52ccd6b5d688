import type { AlertMessage } from '../../../ports/channel.ts';
import { slackAttachment, type SlackAttachment } from '../slack-attachment.ts';

/** What is posted to an incoming webhook; it can neither edit nor answer, so each purpose is a message of its own. */
export function slackMessage(message: AlertMessage): { attachments: [SlackAttachment] } {
  return { attachments: [slackAttachment(message)] };
}
