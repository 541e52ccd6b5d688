import { z } from 'zod';
import { parseAccountId, type AccountId } from '../../domain/account.ts';
import { isZone } from '../../domain/calendar.ts';
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
const decimal = z.string().regex(/^[0-9]{1,14}(\.[0-9]{1,12})?$/);
const day = z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/);

const accountId = z.string().transform((text, context): AccountId => {
  const id = parseAccountId(text);
  if (id !== null) return id;
  context.addIssue('is not an account id');
  return z.NEVER;
});

export const accountNode = z.object({
  id: accountId,
  account_status: integer,
  disable_reason: integer.optional(),
  name: z.string().max(400).optional(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  timezone_name: z.string().refine(isZone, 'is not a known time zone'),
  amount_spent: minor.optional(),
  spend_cap: minor.optional(),
  balance: minor.optional(),
  business: z.object({ id: z.string().regex(/^[0-9]{1,25}$/), name: z.string().optional() }).optional(),
});
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
  clicks: count.optional(),
  cpc: decimal.optional(),
  outbound_clicks: z.array(z.object({ value: count })).optional(),
  date_start: day,
  date_stop: day,
});
export type InsightsRow = z.infer<typeof insightsRow>;
export const insights = z.object({ data: z.array(insightsRow) });

export const adsCount = z.object({ summary: z.object({ total_count: count }).optional() });

/** `adtrust_dsl`: whole currency units, any negative = no limit, absent = not told. Undocumented by Meta. */
export const limitNode = z.object({ id: accountId, adtrust_dsl: z.number().optional() });

export const activities = z.object({
  data: z.array(z.object({ event_type: z.string(), event_time: z.string() })),
});

/** What is wrong with an answer, in one line, without quoting its values. */
export function explain(error: z.ZodError): string {
  return error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${path.join('.') || 'answer'}: ${message}`)
    .join('; ');
}
