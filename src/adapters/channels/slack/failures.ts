import type { SendOutcome } from '../../../ports/channel.ts';
import { dead, outcomeOfStatus, retry, type Answer, type Unsent } from '../http.ts';

/**
 * Slack's answers by which no message will ever get through. The first ones were announced in
 * https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks, the others came later.
 */
const goneChannel = new Set([
  'action_prohibited',
  'channel_is_archived',
  'channel_not_found',
  'invalid_token',
  'no_active_hooks',
  'no_service',
  'no_service_id',
  'no_team',
  'posting_to_general_channel_denied',
  'team_disabled',
  'user_not_found',
]);

/** Slack's answers that blame this one message: a mistake of ours that says nothing about the next one. */
const refusedMessage = new Set([
  'invalid_attachments',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_payload',
  'missing_text_or_fallback_or_attachments',
  'msg_too_long',
  'no_text',
  'too_many_attachments',
]);

/**
 * What an answer means. Reasons hold only words of ours, so that a body cannot smuggle anything into a log.
 */
export function outcomeOf(answer: Answer | Unsent): SendOutcome {
  if ('outcome' in answer) return answer;
  const { status } = answer;
  const word = answer.body.trim();
  if (status < 500 && status !== 429) {
    if (goneChannel.has(word)) return dead(`HTTP ${status} ${word}`, true);
    if (refusedMessage.has(word)) return dead(`HTTP ${status} ${word}`, false);
  }
  // A page instead of Slack's "ok" comes from something between us and Slack; nobody knows how far the
  // message got.
  if (status >= 200 && status < 300)
    return word.startsWith('<') ? retry(`HTTP ${status} with a page`, true) : { outcome: 'sent' };
  return outcomeOfStatus(answer);
}
