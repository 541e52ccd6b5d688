import { z } from 'zod';
import { isoTime } from './units.ts';

/** Whether the product does its work, for a monitor outside. Figures are null while the database cannot be read. */
export const health = z.object({
  status: z.enum(['ok', 'stale', 'starting']),
  last_fb_sync: isoTime
    .nullable()
    .meta({ description: 'End of the last metrics cycle that read something.' }),
  accounts_monitored: z.int().nullable(),
  success_rate: z.number().min(0).max(1).nullable().meta({ description: 'Of the last metrics cycle.' }),
});
export type Health = z.infer<typeof health>;
