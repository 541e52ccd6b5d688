import type { Channel, SendOutcome } from '../../../ports/channel.ts';
import { exchange, jsonCall, under, type Fetch } from '../http.ts';
import { isReminder, isUpdate } from '../words.ts';
import type { TelegramSettings } from './config.ts';
import { isGone, outcomeOf } from './failures.ts';
import { telegramText } from './message.ts';

/** A chat of a Telegram bot: it edits its first message and answers it. Nothing can be asked back. */
export function telegramChannel(
  { botToken, chatId }: TelegramSettings,
  { fetch: send, apiUrl }: { fetch: Fetch; apiUrl: string },
): Channel {
  return {
    // https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this: one message a second
    // in a chat, twenty a minute in a group; groups and channels have negative numbers or names.
    spacingMs: /^\d/.test(chatId) ? 1_000 : 3_000,
    async send(message, signal) {
      const call = (method: string, more: object) => {
        const text = { parse_mode: 'HTML', link_preview_options: { is_disabled: true } };
        const body = { chat_id: chatId, ...text, ...more };
        return exchange(send, jsonCall(under(apiUrl, `bot${botToken}/${method}`), body), signal);
      };
      const first = /^\d{1,15}$/.test(message.sentRef ?? '') ? Number(message.sentRef) : null;
      if (first !== null && isUpdate(message)) {
        // To edit twice is to edit once, so nothing can be repeated.
        const text = telegramText({ ...message, isPossibleRepeat: false });
        const answer = await call('editMessageText', { message_id: first, text });
        if (!isGone(answer)) return withRef(outcomeOf(answer), first);
      }
      const answers = first !== null && (isReminder(message) || isUpdate(message));
      const answer = await call('sendMessage', {
        text: telegramText(message),
        ...(answers ? { reply_parameters: { message_id: first, allow_sending_without_reply: true } } : {}),
      });
      return outcomeOf(answer);
    },
  };
}

/** "Not modified" tells no number, but it is the message that was to be edited. */
function withRef(outcome: SendOutcome, first: number): SendOutcome {
  return outcome.outcome === 'sent' ? { ...outcome, ref: String(first) } : outcome;
}
