import { z } from 'zod';
import { isoTime } from './units.ts';

const connection = z.object({
  name: z.string(),
  kind: z.enum(['meta', 'simulation']),
  state: z.enum(['ok', 'paused', 'token_dead', 'stopped']),
  state_reason: z.string().nullable(),
  found: z.int().meta({ description: 'Accounts that its lists show.' }),
  readable: z.int().meta({ description: 'Of these, those that Meta lets it read.' }),
  monitored: z
    .int()
    .meta({ description: 'Accounts that it reads now; another connection may read the rest.' }),
  token_expires_at: isoTime
    .nullable()
    .meta({ description: 'The earlier of both expiries. Null = never, or not known.' }),
  token_never_expires: z.boolean().nullable().meta({ description: 'Null = not known.' }),
  version_warning: z.string().nullable().meta({ description: "Meta's words." }),
});

const cycle = z.object({
  finished_at: isoTime,
  duration_ms: z.int(),
  attempted: z.int(),
  succeeded: z.int(),
  held: z.int().meta({ description: "Accounts left alone because Meta's limits ask for it." }),
  unasked: z
    .int()
    .meta({ description: 'Accounts whose connection could not be asked: a dead token, a stop.' }),
  failures: z.record(z.string(), z.int()).meta({ description: 'By kind.' }),
  requests: z.int(),
  counted_calls: z.int().meta({ description: 'As Meta counts them: every item of a batch is one.' }),
  retries: z.int(),
  meta_mean_ms: z.int().nullable(),
  meta_p95_ms: z.int().nullable(),
  highest_usage_percent: z.number().nullable(),
  slow_queries: z.int(),
  is_degraded: z.boolean(),
});

/** How the collecting side does. */
const collecting = z.object({
  connections: z.array(connection),
  cycles: z
    .object({ status: cycle.nullable(), metrics: cycle.nullable() })
    .meta({ description: 'The last of each.' }),
  detection: z
    .object({ changes: z.int(), p50_seconds: z.number().nullable(), p95_seconds: z.number().nullable() })
    .meta({ description: "From a change of status in Meta's log to our knowing, over the last 30 days." }),
  accuracy: z
    .array(
      z.object({
        date: z.iso.date(),
        accounts: z.int(),
        within_2_percent: z.int(),
        worst: z.array(
          z.object({
            account_id: z.string(),
            day: z.iso.date(),
            currency: z.string(),
            live_minor: z.int(),
            closed_minor: z.int(),
          }),
        ),
        growth_compared: z
          .int()
          .meta({ description: 'Accounts whose lifetime counter could be compared with insights.' }),
        growth_apart: z.int(),
      }),
    )
    .meta({ description: 'The nightly audits of live figures against closed account-days, newest first.' }),
});
export type Collecting = z.infer<typeof collecting>;

export const collectingAnswer = z.object({ data: collecting, as_of: isoTime });
export type CollectingAnswer = z.infer<typeof collectingAnswer>;
