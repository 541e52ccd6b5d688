import { z } from 'zod';
import { accountParameter } from './parameters.ts';

/** What people may do about an alert, as forms send it. Errors are sentences for the person at the form. */

const id = z.coerce.number().int().positive().max(Number.MAX_SAFE_INTEGER);

const reasonRule = 'Say why in 3 to 500 characters.';
const reason = z
  .string(reasonRule)
  .trim()
  .min(3, reasonRule)
  .max(500, reasonRule)
  // What is written here goes out in messages; line ends are the only control characters that mean something there.
  .regex(/^[^\p{Cc}]*$/u, 'Write the reason on one line.');

export const acknowledgeForm = z.object({ alertId: id, reason });

const snoozes = ['15min', '1h', '4h', 'tomorrow'] as const;
export const snoozeForm = z.object({
  alertId: id,
  until: z.enum(snoozes, 'Say until when: 15min, 1h, 4h or tomorrow.'),
});
export type Snooze = (typeof snoozes)[number];

const emptyIsNull = (value: unknown) => (value === '' || value === undefined ? null : value);

export const silenceForm = z.object({
  reason,
  hours: z.coerce
    .number('Say for how many hours.')
    .positive('Say for how many hours.')
    .max(24 * 90, 'A silence ends after 90 days at the latest.'),
  account: z.preprocess(emptyIsNull, accountParameter('account').nullable()).default(null),
  vendor: z.preprocess(emptyIsNull, z.string().max(100).nullable()).default(null),
  kinds: z.preprocess(
    (value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value),
    z
      .array(z.string().regex(/^[a-z_]{1,50}$/))
      .max(50)
      .default([]),
  ),
});
export type SilenceWish = z.output<typeof silenceForm>;

export const endSilenceForm = z.object({ silenceId: id });

/** Without a reason of his own, whoever acts by a link has said as much as the link does. */
export const linkActForm = z.object({
  token: z.string().max(100),
  act: z.enum(['acknowledge', 'snooze']),
  reason: z.preprocess((text) => (text === '' ? 'Acknowledged from the message' : text), reason),
});
