import { z } from 'zod';

/** What a screen needs to hear news by Supabase Realtime. It is told to nobody but the browser of a signed-in member. */
export const liveTicket = z.object({
  /** Realtime's address. */
  url: z.string(),
  /** The project's key for browsers. */
  key: z.string(),
  /** The private channel that the news come on; it moves when somebody may hear less. */
  topic: z.string(),
  /** The member's own access token. */
  token: z.string(),
  /** The server's clock, epoch ms. */
  now: z.number().int(),
});
export type LiveTicket = z.infer<typeof liveTicket>;
