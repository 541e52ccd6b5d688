import { z } from 'zod';
import { parseAccountId, type AccountId } from '../../domain/account.ts';
import { addDays, isZone } from '../../domain/calendar.ts';
import { parseMinor } from '../../domain/money.ts';

/**
 * The shapes of Graph's answers as far as ArbHub relies on them. Unknown fields are ignored. An absent optional field is
 * unknown; a null or wrong-typed one makes the answer unbelievable. Source: Marketing API, ad account and insights.
 */
const minor = z.union([z.string(), z.number()]).transform((value, context) => {
  const amount = parseMinor(value);
  if (amount !== null) return amount;
  context.addIssue('is not an integer amount');
  return z.NEVER;
});
const integer = z
  .union([z.number(), z.string().regex(/^-?[0-9]{1,9}$/)])
  .transform(Number)
  .pipe(z.number().int());
const count = z
  .union([z.number(), z.string().regex(/^[0-9]{1,15}$/)])
  .transform(Number)
  .pipe(z.number().int().nonnegative());
/** A count that fits where the house keeps it: a larger one would fail the write of every account beside it. */
const largestFigure = 2_147_483_647;
const figure = count.refine((value) => value <= largestFigure, 'is too large');
const decimal = z.string().regex(/^[0-9]{1,14}(\.[0-9]{1,12})?$/);
const day = z
  .string()
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/)
  .refine((text) => addDays(text, 0) === text, 'is no day of the calendar');
/** Text without the one character that the database cannot hold. */
export const label = z.string().transform((text) => text.replaceAll('\0', ''));

const accountId = z.string().transform((text, context): AccountId => {
  const id = parseAccountId(text);
  if (id !== null) return id;
  context.addIssue('is not an account id');
  return z.NEVER;
});

const accountFields = z.object({
  id: accountId,
  account_id: z.string().optional(),
  account_status: integer.refine((code) => Math.abs(code) <= 32_767, 'is no status code'),
  disable_reason: integer.refine((code) => Math.abs(code) <= largestFigure, 'is no reason code').optional(),
  name: label.pipe(z.string().max(400)).optional(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  timezone_name: z.string().refine(isZone, 'is not a known time zone'),
  amount_spent: minor.optional(),
  spend_cap: minor.refine((amount) => amount >= 0, 'is negative').optional(),
  balance: minor.optional(),
  business: z.object({ id: z.string().regex(/^[0-9]{1,25}$/), name: label.optional() }).optional(),
});
/** Both ids name the account; where they differ, nobody knows whose row it is. */
export const accountNode = accountFields.refine(
  ({ id, account_id: digits }) => digits === undefined || id === `act_${digits}`,
  'bears two ids',
);
export type AccountNode = z.infer<typeof accountNode>;

export const page = z.object({
  data: z.array(z.unknown()),
  paging: z
    .object({
      cursors: z.object({ after: z.string().optional() }).optional(),
      next: z.string().optional(),
    })
    .optional(),
});

const insightsRow = z.object({
  account_id: z.string().regex(/^[0-9]{1,20}$/),
  spend: decimal.optional(),
  impressions: count.optional(),
  clicks: figure.optional(),
  cpc: decimal.optional(),
  outbound_clicks: z
    .array(z.object({ value: figure }))
    .refine((list) => list.reduce((sum, { value }) => sum + value, 0) <= largestFigure, 'is too large')
    .optional(),
  date_start: day,
  date_stop: day,
});
export type InsightsRow = z.infer<typeof insightsRow>;
export const insights = z.object({ data: z.array(insightsRow) });

/** A row of the hourly breakdown; Meta names the hour `07:00:00 - 07:59:59`. */
const hourRow = insightsRow.extend({
  hourly_stats_aggregated_by_advertiser_time_zone: z
    .string()
    .regex(/^([01][0-9]|2[0-3]):00:00 - [0-9]{2}:59:59$/)
    .transform((text) => Number(text.slice(0, 2))),
});
export const hourlyInsights = z.object({
  data: z.array(hourRow),
  paging: z.object({ next: z.string().optional() }).optional(),
});

export const adsCount = z.object({ summary: z.object({ total_count: figure }).optional() });

/** `adtrust_dsl`: whole currency units, any negative = no limit, absent or null = not told. Undocumented by Meta. */
export const limitNode = z.object({ id: accountId, adtrust_dsl: z.number().nullish() });

/** Absent is not false: these fields are told only to tokens that may manage the account. */
export const detailsNode = z.object({
  id: accountId,
  is_prepay_account: z.boolean().nullish(),
  funding_source_details: z
    .object({ type: integer.optional(), display_string: label.pipe(z.string().max(400)).optional() })
    .nullish(),
  failed_delivery_checks: z
    .array(z.object({ check_name: label, summary: label.optional() }))
    .max(100)
    .nullish(),
  user_tasks: z.array(label).max(100).nullish(),
});

/** `2026-11-22T18:00:00+0000`, as Meta writes instants; epoch ms. */
const instant = z
  .string()
  .transform((text) => Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')))
  .pipe(z.number());

export const activities = z.object({
  data: z.array(
    z.object({
      event_type: label.pipe(z.string().max(200)),
      event_time: instant,
      // Text that holds JSON; should Meta ever send the object itself, it is kept as text all the same.
      extra_data: z
        .unknown()
        .optional()
        .transform((extra) =>
          extra === undefined
            ? ''
            : (typeof extra === 'string' ? extra : JSON.stringify(extra)).replaceAll('\0', '').slice(0, 4000),
        ),
      translated_event_type: label.optional(),
    }),
  ),
});

/** What is wrong with an answer, in one line, without quoting its values. */
export function explain(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`)
    .join('; ');
}
