import { z } from 'zod';
import { shaped } from '../entered.ts';

export const webhookSettings = z.strictObject({
  url: z.string({ error: 'must be an https address' }),
  secret: shaped(/^[\x21-\x7E]{16,256}$/, 'must have 16 to 256 characters, letters, digits and signs'),
});
export type WebhookSettings = z.output<typeof webhookSettings>;
