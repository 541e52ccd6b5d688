import { z } from 'zod';
import { parseAccountId } from '../domain/account.ts';
import { states } from '../domain/status.ts';
import { accountParameter, cursorParameter, limitParameter, textParameter } from './parameters.ts';
import { isoTime, money } from './units.ts';

/** One account as programs read it. Unknown is null, never 0. */
export const account = z.object({
  account_id: z.string().regex(/^act_[0-9]{1,20}$/),
  name: z.string().nullable(),
  vendor: z.string().meta({ description: '"Unassigned" while nobody has said whose it is.' }),
  business_manager_id: z.string().nullable(),
  connection: z.string(),
  currency: z.string(),
  timezone: z.string(),
  state: z.enum(states),
  account_status: z.int().nullable().meta({ description: "Meta's code." }),
  disable_reason: z.int().nullable().meta({ description: "Meta's code." }),
  spend_today: money
    .nullable()
    .meta({ description: "Of the account-day of `metrics_at`, in the account's zone." }),
  daily_limit: money
    .nullable()
    .meta({ description: 'Null when there is none or it is unknown: see its source.' }),
  daily_limit_source: z.enum(['operator', 'meta', 'unlimited', 'unknown']),
  spend_progress_percent: z.number().nullable().meta({ description: '100 = the whole daily limit.' }),
  spend_cap: money.nullable(),
  spend_cap_source: z.enum(['meta', 'none', 'unknown']),
  amount_spent: money.nullable(),
  balance_due: money.nullable(),
  cpc: z.string().nullable().meta({ description: "Meta's own figure: a decimal in major units." }),
  cpc_change_percent: z
    .number()
    .nullable()
    .meta({ description: 'Today against the previous 7 closed account-days; from 30 clicks on.' }),
  outbound_clicks: z.int().nullable(),
  active_ads: z.int().nullable(),
  total_ads: z.int().nullable(),
  date_added: isoTime,
  suspended_at: isoTime.nullable().meta({ description: 'Null again after a return.' }),
  observed_at: isoTime.nullable().meta({ description: 'When the status was last read.' }),
  metrics_at: isoTime.nullable().meta({ description: 'When spend and clicks were last read.' }),
});
export type Account = z.infer<typeof account>;

export const accountAnswer = z.object({ data: account });

export const accountList = z.object({
  data: z.array(account),
  next_cursor: z.string().nullable().meta({ description: 'Null on the last page.' }),
  as_of: isoTime,
});
export type AccountList = z.infer<typeof accountList>;

/** The first letter of this list's cursors. */
export const accountCursor = 'a';

export const accountsQuery = z.object({
  vendor: textParameter('vendor', 'The whole name of a vendor, or `Unassigned`.').optional(),
  state: z
    .enum(states, { error: `state must be one of ${states.join(', ')}` })
    .optional()
    .meta({ description: 'Archived accounts are listed with `archived` only.' }),
  q: textParameter('q', 'Part of the id, the name or the vendor, in either case.').optional(),
  connection: textParameter('connection', 'The whole name of a connection.').optional(),
  limit: limitParameter,
  cursor: cursorParameter(accountCursor, parseAccountId).optional(),
});
export type AccountsQuery = z.output<typeof accountsQuery>;

const mostIds = 500;

/** Which cards of the board to read again: ids with commas between them; without, the whole board. */
export const boardQuery = z.object({
  ids: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(accountParameter('ids')).max(mostIds, `ids must be at most ${mostIds} account ids`))
    .optional(),
});
