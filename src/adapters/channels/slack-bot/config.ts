import { z } from 'zod';
import { shaped } from '../entered.ts';

/** A bot with the scope chat:write, and channels:history or groups:history to find again what was sent. */
export const slackBotSettings = z.strictObject({
  token: shaped(/^(xoxe\.)?xoxb-[\w-]{8,250}$/, "must be the bot's token, which begins with xoxb-"),
  // The history can be read by id only.
  channel: shaped(/^[CGD][A-Z0-9]{6,20}$/, "must be the channel's id, like C0123456789, and not its name"),
});
export type SlackBotSettings = z.infer<typeof slackBotSettings>;
