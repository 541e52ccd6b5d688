import { z } from 'zod';
import { states } from '../domain/status.ts';
import { accountParameter, cursorParameter, instantParameter, limitParameter } from './parameters.ts';
import { isoTime, money } from './units.ts';

export const eventKinds = [
  'status_changed',
  'daily_limit_changed',
  'spend_cap_changed',
  'amount_spent_reset',
  'access_lost',
  'access_regained',
  'discovered',
  'archived',
  'unarchived',
] as const;
export type EventKind = (typeof eventKinds)[number];

const happening = {
  id: z.int(),
  account_id: z.string(),
  occurred_at: isoTime.nullable().meta({ description: 'Null when Meta does not tell.' }),
  detected_at: isoTime,
};

/** One thing that changed about one account. */
export const event = z.discriminatedUnion('kind', [
  z.object({
    ...happening,
    kind: z.literal('status_changed'),
    from: z.int().nullable().meta({ description: "Meta's code." }),
    to: z.int().nullable().meta({ description: "Meta's code." }),
    from_state: z.enum(states).nullable(),
    to_state: z.enum(states).nullable(),
  }),
  z.object({
    ...happening,
    kind: z.enum(['daily_limit_changed', 'spend_cap_changed', 'amount_spent_reset']),
    from: money.nullable().meta({ description: 'Null = no ceiling.' }),
    to: money.nullable().meta({ description: 'Null = no ceiling.' }),
  }),
  z.object({
    ...happening,
    kind: z.enum(['access_lost', 'access_regained', 'discovered', 'archived', 'unarchived']),
    from: z.null(),
    to: z.null(),
  }),
]);
export type Event = z.infer<typeof event>;

export const eventList = z.object({
  data: z.array(event).meta({ description: 'Oldest first.' }),
  next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
  as_of: isoTime,
});
export type EventList = z.infer<typeof eventList>;

/** The first letter of this list's cursors. */
export const eventCursor = 'e';

export const eventsQuery = z.object({
  since: instantParameter('since', 'Detected then or later: an ISO instant, or a date in UTC.').optional(),
  account: accountParameter('account').optional(),
  kind: z.enum(eventKinds, { error: `kind must be one of ${eventKinds.join(', ')}` }).optional(),
  limit: limitParameter,
  cursor: cursorParameter(eventCursor, (key) => (/^[0-9]{1,15}$/.test(key) ? Number(key) : null)).optional(),
});
export type EventsQuery = z.output<typeof eventsQuery>;
