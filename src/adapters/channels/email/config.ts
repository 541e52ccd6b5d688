import { z } from 'zod';

const address = z.email('must be an e-mail address').max(254, 'must have at most 254 characters');

export const emailSettings = z.strictObject({
  to: z
    .array(address, { error: 'must be a list of e-mail addresses' })
    .min(1, 'must hold at least one address')
    .max(50, 'must hold at most 50 addresses'),
});
export type EmailSettings = z.output<typeof emailSettings>;

/** Whether this can be the sender of mails: an address, with or without a name. */
export function isSender(mailFrom: string): boolean {
  return /^([^\r\n<>]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(mailFrom);
}
