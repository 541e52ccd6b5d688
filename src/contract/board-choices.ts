/** What a member can choose about his board. Without zod, because the page itself asks: it would weigh a quarter more. */

export const boardViews = ['cards', 'table'] as const;
export type BoardView = (typeof boardViews)[number];

/** Pixels. */
export const rowHeights = [28, 32, 40] as const;
export type RowHeight = (typeof rowHeights)[number];
