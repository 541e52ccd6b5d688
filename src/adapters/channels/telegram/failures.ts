import { z } from 'zod';
import type { SendOutcome } from '../../../ports/channel.ts';
import { dead, jsonOf, outcomeOfStatus, pause, type Answer, type Unsent } from '../http.ts';

const shape = z.object({
  ok: z.boolean(),
  description: z.string().default(''),
  result: z.object({ message_id: z.int() }).optional().catch(undefined),
  parameters: z
    .object({ retry_after: z.number().optional(), migrate_to_chat_id: z.int().optional() })
    .optional()
    .catch(undefined),
});

// Telegram names its errors by descriptions only. These were gathered from
// https://github.com/TelegramBotAPI/errors and
// https://github.com/vrumger/telegram-errors; the reason tells which one matched, not what Telegram wrote.

/** No message will get through until a person changes something. */
const goneChat: readonly [RegExp, string][] = [
  [/chat not found|chat_id is empty|PEER_ID_INVALID|CHANNEL_INVALID/i, 'the chat was not found'],
  [/bot was blocked by the user/i, 'the bot was blocked by the user'],
  [/bot was kicked/i, 'the bot was removed from the chat'],
  [/bot is not a member|CHANNEL_PRIVATE/i, 'the bot is not a member of the chat'],
  [/user is deactivated|user not found/i, 'the user is gone'],
  [/group chat was (deleted|deactivated)|group is deactivated/i, 'the group was deleted'],
  [/bot can't initiate conversation/i, 'the user has not started a chat with the bot'],
  [/bot can't send messages to (bots|the user)/i, 'the bot may not write to this user'],
  [
    /not enough rights|have no rights|need administrator rights|CHAT_(WRITE|SEND_PLAIN)_FORBIDDEN/i,
    'the bot may not write in this chat',
  ],
  [/CHAT_ADMIN_REQUIRED|CHAT_RESTRICTED/i, 'the bot may not write in this chat'],
];

const refusedMessage: readonly [RegExp, string][] = [
  [/message is too long|MESSAGE_TOO_LONG/i, 'the message is too long'],
  [/can't parse entities|ENTITIES_TOO_LONG/i, 'the markup was refused'],
  [/message text is empty|text must be non-empty/i, 'the message is empty'],
];

/** The message that was to be edited cannot be any more; a new one can be sent. */
const goneMessage = /message to edit not found|message can't be edited|MESSAGE_ID_INVALID|MESSAGE_EDIT_TIME/i;

/** Whether Telegram says that the message is not there to be edited. */
export function isGone(answer: Answer | Unsent): boolean {
  if ('outcome' in answer) return false;
  const { data } = shape.safeParse(jsonOf(answer));
  return data?.ok === false && goneMessage.test(data.description);
}

/** What an answer means; `ref` is the number of the message in its chat. */
export function outcomeOf(answer: Answer | Unsent): SendOutcome {
  if ('outcome' in answer) return answer;
  const { data } = shape.safeParse(jsonOf(answer));
  if (data === undefined || answer.status >= 500) return outcomeOfStatus(answer);
  const { ok, description, result, parameters } = data;
  if (ok) return result ? { outcome: 'sent', ref: String(result.message_id) } : { outcome: 'sent' };
  const seconds = parameters?.retry_after;
  if (answer.status === 429) return pause('HTTP 429', seconds === undefined ? null : seconds * 1000);
  if (/message is not modified/i.test(description)) return { outcome: 'sent' };
  const movedTo = parameters?.migrate_to_chat_id;
  if (movedTo !== undefined)
    return dead(`the group became a supergroup: its chat id is now ${movedTo}`, true);
  // 404 is what the API answers to a token that is none; a chat that is none gets 400.
  if (/^(401 Unauthorized|404 Not Found)$/.test(`${answer.status} ${description}`))
    return dead("the bot's token is not valid", true);
  const gone = goneChat.find(([words]) => words.test(description));
  if (gone !== undefined) return dead(gone[1], true);
  const refused = refusedMessage.find(([words]) => words.test(description));
  return refused === undefined ? outcomeOfStatus(answer) : dead(refused[1], false);
}
