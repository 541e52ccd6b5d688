import type { Sql } from '../ports/sql.ts';

/** Saved views and last used settings of the board, by the member's e-mail. A member who was shut out has none. */

export interface ViewRow {
  name: string;
  search: string;
}

/** The views of a member in the order in which he saved them. */
export async function listViews(sql: Sql, email: string): Promise<ViewRow[]> {
  return sql<ViewRow>`
    select v.name, v.search from saved_views v join members m on m.id = v.member_id
    where m.email = ${email} and m.disabled_at is null
    order by v.created_at, v.name`;
}

/** Saves a view, in the place of one with the same name. */
export async function upsertView(
  sql: Sql,
  view: ViewRow & { memberId: string; createdAt: number },
): Promise<void> {
  await sql`
    insert into saved_views (member_id, name, search, created_at)
    values (${view.memberId}::uuid, ${view.name}, ${view.search}, ${view.createdAt})
    on conflict (member_id, name) do update set search = excluded.search`;
}

export async function deleteView(sql: Sql, memberId: string, name: string): Promise<void> {
  await sql`delete from saved_views where member_id = ${memberId}::uuid and name = ${name}`;
}

export interface PrefsRow {
  view: 'cards' | 'table';
  columns: string[] | null;
  row_height: 28 | 32 | 40;
  currency: string;
}

/** What the member used last; null when nothing was ever kept. */
export async function findPrefs(sql: Sql, email: string): Promise<PrefsRow | null> {
  const [row] = await sql<PrefsRow>`
    select p.view, p.columns, p.row_height, p.currency
    from board_prefs p join members m on m.id = p.member_id
    where m.email = ${email} and m.disabled_at is null`;
  return row ?? null;
}

export async function upsertPrefs(sql: Sql, email: string, prefs: PrefsRow): Promise<void> {
  await sql`
    insert into board_prefs (member_id, view, columns, row_height, currency)
    select id, ${prefs.view}, ${prefs.columns}::text[], ${prefs.row_height}::smallint, ${prefs.currency}
    from members where email = ${email} and disabled_at is null
    on conflict (member_id) do update set
      view = excluded.view, columns = excluded.columns, row_height = excluded.row_height,
      currency = excluded.currency`;
}
