import { z } from 'zod';
import { states } from '../domain/status.ts';

/** Epoch milliseconds. */
const instant = z.number().int();
const minor = z.number().int();

/** One account as the board shows it. Amounts are minor units of `currency`; unknown is null, never 0. */
const accountCard = z.object({
  accountId: z.templateLiteral(['act_', z.string()]),
  name: z.string().nullable(),
  vendor: z.string(),
  connection: z.string(),
  isSimulated: z.boolean(),
  currency: z.string(),
  timezone: z.string(),
  state: z.enum(states),
  /** Meta's raw code. */
  statusCode: z.number().int().nullable(),
  disableReason: z.number().int().nullable(),
  /** Since when the account is in this state, and who says so: Meta's activity log or our detection. */
  stateSince: instant.nullable(),
  stateSinceSource: z.enum(['meta', 'detected']).nullable(),
  /** When the status was last read; null before the first read. */
  observedAt: instant.nullable(),
  /** When spend and clicks were last read; null before the first read. */
  metricsAt: instant.nullable(),
  /** Today's spend in the account's zone; frozen at the moment of death for suspended, closing and closed accounts. */
  spendMinor: minor.nullable(),
  dailyLimitMinor: minor.nullable(),
  dailyLimitSource: z.enum(['operator', 'meta', 'unlimited', 'unknown']),
  /** The daily limit seven days ago, where it is known. */
  dailyLimitBeforeMinor: minor.nullable(),
  spendCapMinor: minor.nullable(),
  spendCapSource: z.enum(['meta', 'none', 'unknown']),
  fundsLeftMinor: minor.nullable(),
  balanceDueMinor: minor.nullable(),
  /** Meta's own figure, major units with its own decimals. */
  cpc: z.string().nullable(),
  cpcChangePercent: z.number().nullable(),
  outboundClicks: z.number().int().nullable(),
  lifetimeClicks: z.number().int().nullable(),
  activeAds: z.number().int().nullable(),
  totalAds: z.number().int().nullable(),
  /**
   * What of the day's spend the account, or its vendor's accounts, have usually spent by `metricsAt`, 0 to 1; null while that is
   * not known.
   */
  expectedShare: z.number().nullable(),
  /** When the daily limit is met if the day goes on as usual; null when it is not, or while `expectedShare` is. */
  limitAt: instant.nullable(),
  /** When the funds left are spent if the day goes on as so far; null when not within a day, or nobody can say. */
  fundsEndAt: instant.nullable(),
  /** Words of the team, lower case, sorted. */
  tags: z.array(z.string()),
});
export type AccountCard = z.infer<typeof accountCard>;

/** The whole board at one moment: every account that is not archived. */
export const board = z.object({
  /** When this was read from the database. */
  asOf: instant,
  /** When the last status sweep finished; null before the first one. */
  checkedAt: instant.nullable(),
  /** Ages beyond two of these are stale. */
  sweepMs: z.number().int(),
  metricsMs: z.number().int(),
  cards: z.array(accountCard),
});
export type Board = z.infer<typeof board>;
