import type { AlertMessage } from '../../../ports/channel.ts';
import { slackAttachment, type SlackAttachment } from '../slack-attachment.ts';

/** What is posted to an incoming webhook. It can neither edit nor answer: each purpose is a new message. */
export function slackMessage(message: AlertMessage): { attachments: [SlackAttachment] } {
  return { attachments: [slackAttachment(message)] };
}
