import { z } from 'zod';

// Meta writes ids as text, but its samples do not always.
const id = z.union([z.string(), z.number()]).transform(String);

const change = z.object({ field: z.string(), value: z.unknown().optional() });
const entry = z.object({
  id,
  /** Unix seconds of the event. */
  time: z.number().nullable().default(null),
  // What cannot be read must not take its neighbours along.
  changes: z.array(change.nullable().catch(null)).default([]),
});

/** One delivery of Meta's webhooks: several entries, each with several changes. */
export const metaWebhook = z.object({ object: z.string(), entry: z.array(entry.nullable().catch(null)) });
export type MetaWebhook = z.output<typeof metaWebhook>;

/** Meta's question before it subscribes an address. */
export const metaChallengeQuery = z.object({
  'hub.mode': z.string().optional().meta({ description: '`subscribe`.' }),
  'hub.verify_token': z.string().optional().meta({ description: 'META_WEBHOOK_VERIFY_TOKEN.' }),
  'hub.challenge': z.string().optional().meta({ description: 'What to answer.' }),
});

/** How many changes of a delivery were new and worth a look. */
export const webhookAnswer = z.object({ heard: z.int() });
