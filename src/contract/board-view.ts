import { z } from 'zod';
import { boardViews, rowHeights } from './board-choices.ts';

/** How a member looks at the board, as forms send it and as he is shown it. */

const currency = z.string().regex(/^[A-Z]{3}$/);

/** What a member used last; the server draws it first. */
export const boardPrefs = z.object({
  view: z.enum(boardViews),
  /** Null = those that are shown by default. */
  columns: z
    .array(z.string().regex(/^[a-z-]{1,20}$/))
    .max(40)
    .nullable(),
  rowHeight: z.literal(rowHeights),
  /** The currency that totals are converted to. */
  currency,
});
export type BoardPrefs = z.infer<typeof boardPrefs>;

export const firstPrefs: BoardPrefs = { view: 'cards', columns: null, rowHeight: 32, currency: 'USD' };

const name = z
  .string('A view needs a name.')
  .trim()
  .regex(/^\P{Cc}{1,40}$/u, 'A name has 1 to 40 characters.');

export const viewForm = z.object({
  name,
  search: z
    .string()
    .max(1000, 'This view holds more than can be saved.')
    .regex(/^(\?\P{Cc}*)?$/u),
});

/** A view under its name: the search part of the board's address. */
export type SavedView = z.infer<typeof viewForm>;

/** Rates to show totals in one currency by: what a euro was worth on the day. */
export interface BoardRate {
  currency: string;
  perEuro: number;
  day: string;
}
