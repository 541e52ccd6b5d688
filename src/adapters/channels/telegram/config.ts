import { z } from 'zod';
import { shaped } from '../entered.ts';

const chat = 'must be the number of a chat, like -1001234567890, or the @name of a public channel';

export const telegramSettings = z.strictObject({
  botToken: shaped(/^\d{5,15}:[\w-]{20,80}$/, 'must be the token that BotFather gave, like 123456789:AA…'),
  chatId: z.union([shaped(/^(-?\d{1,18}|@\w{4,40})$/, chat), z.int().transform(String)], { error: chat }),
});
export type TelegramSettings = z.output<typeof telegramSettings>;
