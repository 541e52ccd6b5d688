import { z } from 'zod';
import { instantParameter } from './parameters.ts';
import { isoTime, money } from './units.ts';

/** The figures of one account at one moment. Unknown is null, never 0. */
const snapshot = z.object({
  snapshot_time: isoTime.meta({
    description: 'Of `every=1d`: the midnight in UTC that bears the account-day’s date.',
  }),
  account_status: z.int().nullable().meta({ description: "Meta's code." }),
  spend_today: money.nullable(),
  daily_limit: money.nullable(),
  daily_limit_source: z.enum(['operator', 'meta', 'unlimited', 'unknown']),
  spend_progress_percent: z.number().nullable().meta({ description: '100 = the whole daily limit.' }),
  spend_cap: money.nullable(),
  spend_cap_source: z.enum(['meta', 'none', 'unknown']),
  amount_spent: money.nullable(),
  balance_due: money.nullable(),
  cpc: z.string().nullable().meta({ description: 'A decimal in major units.' }),
  clicks: z.int().nullable(),
  outbound_clicks: z.int().nullable(),
  active_ads: z.int().nullable(),
  total_ads: z.int().nullable(),
});
export type Snapshot = z.infer<typeof snapshot>;

export const snapshotList = z.object({
  data: z.array(snapshot).meta({ description: 'Oldest first.' }),
  as_of: isoTime,
});
export type SnapshotList = z.infer<typeof snapshotList>;

const historySteps = ['5m', '1h', '1d'] as const;

export const snapshotsQuery = z.object({
  from: instantParameter(
    'from',
    'From then on: an ISO instant, or a date in UTC. A day ago by default.',
  ).optional(),
  to: instantParameter('to', 'Before then. Now by default.').optional(),
  every: z
    .enum(historySteps, { error: `every must be one of ${historySteps.join(', ')}` })
    .default('5m')
    .meta({
      description: '`5m`: each snapshot; `1h`: the last of each hour; `1d`: account-days, kept for good.',
    }),
});
export type SnapshotsQuery = z.output<typeof snapshotsQuery>;
