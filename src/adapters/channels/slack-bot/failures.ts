import { z } from 'zod';
import type { SendOutcome } from '../../../ports/channel.ts';
import { dead, jsonOf, outcomeOfStatus, pause, retry, type Answer, type Unsent } from '../http.ts';

// The words are those of https://docs.slack.dev/reference/methods/chat.postMessage, "Errors".

/** The token or the channel is gone: nothing more will get through. */
const goneChannel = new Set([
  'access_denied',
  'account_inactive',
  'channel_not_found',
  'ekm_access_denied',
  'enterprise_is_restricted',
  'invalid_auth',
  'is_archived',
  'is_inactive',
  'missing_scope',
  'no_permission',
  'not_allowed_token_type',
  'not_authed',
  'not_in_channel',
  'org_login_required',
  'restricted_action',
  'restricted_action_non_threadable_channel',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'team_access_not_granted',
  'team_not_found',
  'token_expired',
  'token_revoked',
]);

/** A mistake of ours in this one message. */
const refusedMessage = new Set([
  'attachment_payload_limit_exceeded',
  'invalid_arguments',
  'invalid_attachments',
  'invalid_blocks',
  'invalid_blocks_format',
  'invalid_json',
  'invalid_metadata_format',
  'invalid_metadata_schema',
  'json_not_object',
  'message_too_long',
  'metadata_too_large',
  'msg_too_long',
  'no_text',
  'too_many_attachments',
]);

/** Slack failed in the middle and says that part of the work may be done. */
const halfDone = new Set(['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable']);

/** The message that was to be edited or answered cannot be any more; a new one can be sent. */
const goneMessage = new Set([
  'cannot_reply_to_message',
  'cant_update_message',
  'edit_window_closed',
  'message_not_found',
  'restricted_action_thread_locked',
  'thread_not_found',
]);

const shape = z.object({
  ok: z.boolean(),
  error: z.string().optional(),
  ts: z.string().optional(),
  channel: z.string().optional(),
});

/** Whether Slack says that the first message is not there to be edited or answered. */
export function isGone(answer: Answer | Unsent): boolean {
  if ('outcome' in answer) return false;
  const told = shape.safeParse(jsonOf(answer));
  return told.success && !told.data.ok && goneMessage.has(told.data.error ?? '');
}

/** What an answer means; `ref` is "channel:ts". Only words known here get into a reason. */
export function outcomeOf(answer: Answer | Unsent): SendOutcome {
  if ('outcome' in answer) return answer;
  const { data } = shape.safeParse(jsonOf(answer));
  if (data === undefined || answer.status >= 500 || answer.status === 429) return outcomeOfStatus(answer);
  if (data.ok)
    return data.channel && data.ts
      ? { outcome: 'sent', ref: `${data.channel}:${data.ts}` }
      : { outcome: 'sent' };
  const word = data.error ?? '';
  if (goneChannel.has(word)) return dead(word, true);
  if (refusedMessage.has(word)) return dead(word, false);
  if (halfDone.has(word)) return retry(word, true);
  if (word === 'ratelimited' || word === 'rate_limited') return pause(word, null);
  return retry('refused by Slack', false);
}
