import { z } from 'zod';
import type { AccountId } from '../domain/account.ts';
import type { State } from '../domain/status.ts';
import { accountParameter } from './parameters.ts';

/** The fleet as admins look after it: what their pages are shown, and what their forms send. Instants are epoch ms. */

/** One account with what was entered about it by hand. */
export interface FleetAccount {
  accountId: AccountId;
  name: string | null;
  /** Null: nobody's. */
  vendor: string | null;
  connection: string;
  currency: string;
  state: State;
  isArchived: boolean;
  /** Who archived it; null: nobody reads it any more. */
  archivedBy: string | null;
  /** As it was entered, in major units of `currency`; null: nothing was. */
  operatorLimit: string | null;
  /** The limit that counts, in minor units: the entered one before Meta's; null: none or unknown. */
  limitMinor: number | null;
  tags: readonly string[];
}

/** What is to count for an account that no connection has found yet. */
export interface AwaitedAccount {
  accountId: AccountId;
  vendor: string | null;
  dailyLimit: string | null;
  tags: readonly string[];
  addedBy: string;
  addedAt: number;
}

/** Which accounts are asked for; null = all that are not archived. `page` counts from 1. */
export interface FleetAsk {
  words: string | null;
  vendor: string | null;
  connection: string | null;
  state: State | null;
  page: number;
}

export interface FleetView {
  accounts: readonly FleetAccount[];
  /** How many fit the question, on all pages. */
  total: number;
  pages: number;
  awaited: readonly AwaitedAccount[];
  vendors: readonly string[];
  connections: readonly string[];
}

/** What became of each account of a wish about many; `problem` is null where it is done. */
export type FleetAnswer =
  | { isDone: true; rows: readonly { accountId: string; problem: string | null }[] }
  | { isDone: false; problem: string };

/** One row of a list that is to be imported: what would change, from what to what; or what is wrong with it. */
export interface ImportLine {
  line: number;
  account: string;
  name: string | null;
  /** `same`: nothing would change; `awaited`: not found yet, kept until it is. */
  fate: 'changes' | 'awaited' | 'same' | 'wrong';
  changes: readonly { what: 'vendor' | 'daily limit' | 'tags'; from: string; to: string }[];
  problem: string | null;
}

export type ImportAnswer =
  /** `isApplied`: the good rows have been written; otherwise nothing has. */
  | { isDone: true; isApplied: boolean; lines: readonly ImportLine[]; ignored: readonly string[] }
  | { isDone: false; problem: string };

const many = 500;
const ids = z.array(accountParameter('account')).min(1).max(many);
const wish = z.strictObject({
  account: accountParameter('account'),
  vendor: z.string().max(100).optional(),
  dailyLimit: z.string().trim().max(20).optional(),
  tags: z.union([z.string().max(1000), z.array(z.string().max(30)).max(20)]).optional(),
});

/** Forms carry lists as JSON in one field. */
const json = <Schema extends z.ZodType>(schema: Schema) =>
  z
    .string()
    .max(200_000)
    .transform((text, context): unknown => {
      try {
        return JSON.parse(text);
      } catch {
        context.addIssue({ code: 'custom', message: 'This is not JSON.' });
        return z.NEVER;
      }
    })
    .pipe(schema);

export const accountIdsForm = z.object({ accounts: json(ids) });
export const accountWishesForm = z.object({ wishes: json(z.array(wish).min(1).max(many)) });
export const awaitedForm = wish.extend({ account: z.string().trim().max(40) });
export const forgetForm = z.object({ account: accountParameter('account') });
export const importForm = z.object({ list: z.string().min(1).max(600_000), apply: z.enum(['yes', 'no']) });
