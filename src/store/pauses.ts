import type { Sql } from '../ports/sql.ts';

interface StoredPause {
  scope: string;
  until: number;
  reason: string;
}

/** The scopes of Meta's limits that are to be left alone at `at`, whoever was told. */
export async function listPauses(sql: Sql, at: number): Promise<StoredPause[]> {
  return sql<StoredPause>`
    select scope, until, reason from pauses where until > ${at} and until <= ${at + longestMs}::timestamptz`;
}

/** No pause is longer than a day; what seems so was written by a clock that was ahead. */
const longestMs = 26 * 3_600_000;

/** Keeps the later end of each. */
export async function savePauses(sql: Sql, pauses: readonly StoredPause[], at: number): Promise<void> {
  if (pauses.length === 0) return;
  await sql`
    insert into pauses (scope, until, reason, set_at)
    select distinct on (scope) scope, until, reason, ${at}::timestamptz
    from unnest(${pauses.map((p) => p.scope)}::text[], ${pauses.map((p) => p.until)}::timestamptz[], ${pauses.map((p) => p.reason)}::text[])
      as u (scope, until, reason) order by scope, until desc
    on conflict (scope) do update set until = excluded.until, reason = excluded.reason, set_at = excluded.set_at
      where pauses.until < excluded.until or pauses.until > ${at + longestMs}::timestamptz`;
}

/** Forgets pauses that are over. */
export async function dropOldPauses(sql: Sql, at: number): Promise<void> {
  await sql`delete from pauses where until < ${at}`;
}
