import { z } from 'zod';

/**
 * What the server pushes to every open board. It names accounts and carries no figures: a lost event costs one refresh,
 * never a wrong screen.
 */
export const liveEvent = z.discriminatedUnion('type', [
  /** These accounts have new figures or a new state; `all` when they are too many to name. */
  z.object({ type: z.literal('changed'), accountIds: z.union([z.literal('all'), z.array(z.string())]) }),
  /** A status sweep has finished: every account but `failed` was seen at `at` (epoch ms). */
  z.object({ type: z.literal('checked'), at: z.number().int(), failed: z.array(z.string()) }),
  /** An alert, a delivery or a silence has changed. */
  z.object({ type: z.literal('alerts') }),
  /** Sent at once after connecting and every 20 s, so that a dead line is noticed. */
  z.object({ type: z.literal('beat'), at: z.number().int() }),
]);
export type LiveEvent = z.infer<typeof liveEvent>;
