import { z } from 'zod';
import { cursorParameter, instantParameter, limitParameter } from './parameters.ts';
import { isoTime } from './units.ts';

const alertStates = ['open', 'acknowledged', 'resolved'] as const;

const delivery = z.object({
  channel: z.string().meta({ description: 'The name of the channel.' }),
  channel_kind: z.string(),
  purpose: z.enum(['opened', 'repeat', 'escalated', 'acknowledged', 'resolved', 'digest', 'test']),
  state: z.enum(['pending', 'claimed', 'retry', 'sent', 'dead', 'held', 'digested']).meta({
    description:
      'claimed: being sent; retry: failed and tried again at `due_at`; dead: given up; held: waits for the end of quiet ' +
      'hours; digested: told in a digest instead.',
  }),
  attempts: z.int(),
  created_at: isoTime,
  due_at: isoTime.nullable().meta({ description: 'When it is tried next. Null when it is not.' }),
  sent_at: isoTime.nullable(),
  duration_ms: z
    .int()
    .nullable()
    .meta({ description: 'How long the receiver took to accept it. Null = not accepted, or not measured.' }),
  last_error: z.string().nullable(),
});

/** One alert and what was sent of it. */
export const alert = z.object({
  id: z.int(),
  short_id: z.string().meta({ description: 'The six characters that name it in every message.' }),
  kind: z.string(),
  severity: z.enum(['critical', 'warning', 'info']),
  state: z.enum(alertStates).meta({ description: 'acknowledged: it still holds, and somebody takes care.' }),
  title: z.string(),
  text: z.string(),
  account_ids: z.array(z.string()),
  opened_at: isoTime,
  resolved_at: isoTime.nullable(),
  acknowledged_at: isoTime.nullable(),
  acknowledged_by: z.string().nullable(),
  acknowledged_reason: z.string().nullable(),
  snoozed_until: isoTime.nullable(),
  silenced_by: z.string().nullable().meta({ description: 'Whose silence kept it from being told.' }),
  muted_by: z.int().nullable().meta({ description: 'The alert about its cause, which was told instead.' }),
  is_flapping: z.boolean(),
  deliveries: z.array(delivery),
});
export type Alert = z.infer<typeof alert>;

export const alertList = z.object({
  data: z.array(alert).meta({ description: 'Oldest first.' }),
  next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
  as_of: isoTime,
});
export type AlertList = z.infer<typeof alertList>;

/** The first letter of this list's cursors. */
export const alertCursor = 'l';

const stateRule = `state must be one of ${alertStates.join(', ')}, all`;

export const alertsQuery = z.object({
  since: instantParameter('since', 'Opened then or later: an ISO instant, or a date in UTC.').optional(),
  state: z
    .enum([...alertStates, 'all'], { error: stateRule })
    .default('all')
    .meta({ description: 'open: nobody has acknowledged it.' }),
  limit: limitParameter,
  cursor: cursorParameter(alertCursor, (key) => (/^[0-9]{1,15}$/.test(key) ? Number(key) : null)).optional(),
});
export type AlertsQuery = z.output<typeof alertsQuery>;
