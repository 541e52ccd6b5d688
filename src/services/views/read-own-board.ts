import {
  type BoardPrefs,
  boardPrefs,
  type BoardRate,
  firstPrefs,
  type SavedView,
} from '../../contract/board-view.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Database } from '../../ports/sql.ts';
import { findPrefs, listViews, upsertPrefs } from '../../store/board-views.ts';
import { readLatestRates } from '../../store/exchange-rates.ts';
import type { Wish } from '../members/members-deps.ts';
import { mustBeAllowed } from '../refusal.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
}

/** What of the board is the reader's own. */
export interface OwnBoard {
  views: SavedView[];
  prefs: BoardPrefs;
  /** The newest rate of each currency; empty while none is known. */
  rates: BoardRate[];
}

/** The actor's saved views, what he used last, and the rates for totals. Throws `Refused`. */
export async function readOwnBoard({ database }: Deps, actor: Actor): Promise<OwnBoard> {
  mustBeAllowed(actor, 'accounts:read');
  const { sql } = database;
  const [views, row, rates] = await Promise.all([
    listViews(sql, actor.name),
    findPrefs(sql, actor.name),
    readLatestRates(sql),
  ]);
  const prefs = row && { ...row, rowHeight: row.row_height };
  return { views, prefs: boardPrefs.safeParse(prefs).data ?? firstPrefs, rates };
}

/** Keeps what the actor used last. Whoever is no member has nothing to be kept. Throws `Refused`. */
export async function keepPrefs({ database }: Deps, actor: Actor, wish: unknown): Promise<Wish<null>> {
  mustBeAllowed(actor, 'accounts:read');
  const parsed = boardPrefs.safeParse(wish);
  if (!parsed.success) return { isDone: false, problem: 'This cannot be read.' };
  const { view, columns, rowHeight, currency } = parsed.data;
  await upsertPrefs(database.sql, actor.name, { view, columns, row_height: rowHeight, currency });
  return { isDone: true, value: null };
}
