/** Cursors: opaque texts that point behind a row. */
import { badParameter, tooMuchData } from './errors.ts';

export interface Page {
  readonly limit: number;
  /** Position of the first row. */
  readonly from: number;
  /** Address of the next page but for its cursor. */
  readonly nextUrl: (after: string) => string;
}

export interface PageOf {
  readonly from: number;
  readonly to: number;
  readonly paging: { cursors: { before: string; after: string }; next?: string } | undefined;
}

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 500;

/** Reads `limit` and `after`; `url` is the address of this page without its cursor. */
export function parsePage(params: URLSearchParams, url: URL): Page {
  const text = params.get('limit') ?? String(DEFAULT_LIMIT);
  const limit = Number(text);
  if (!/^\d+$/.test(text)) throw badParameter('Param limit must be a non-negative integer');
  if (limit > MAX_LIMIT) throw tooMuchData();
  const after = params.get('after');
  return {
    limit,
    from: after === null ? 0 : position(after) + 1,
    nextUrl(cursor) {
      const next = new URL(url);
      next.searchParams.set('limit', text);
      next.searchParams.set('after', cursor);
      return next.href;
    },
  };
}

/** Which of `count` rows a page shows, and the way to the next. */
export function pageOf(count: number, { limit, from, nextUrl }: Page): PageOf {
  const to = Math.min(count, from + limit);
  if (to <= from) return { from, to: from, paging: undefined };
  const cursors = { before: cursor(from), after: cursor(to - 1) };
  return { from, to, paging: to < count ? { cursors, next: nextUrl(cursors.after) } : { cursors } };
}

function cursor(row: number): string {
  return Buffer.from(`row:${row}`).toString('base64url');
}

function position(text: string): number {
  const [, row] = /^row:(\d+)$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (row === undefined) throw badParameter('Invalid cursor');
  return Number(row);
}
