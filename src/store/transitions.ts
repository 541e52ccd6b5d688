import type { Change } from '../domain/transition.ts';
import type { Sql } from '../ports/sql.ts';

/** How often the status of each of these accounts has changed since an instant; those without a change are left out. */
export async function countStatusChanges(
  sql: Sql,
  accountNos: readonly number[],
  since: number,
): Promise<Map<number, number>> {
  const rows = await sql<{ no: number; changes: number }>`
    select account_no as no, count(*) as changes from transitions
    where account_no = any (${accountNos}::int[]) and kind = 'status_changed' and detected_at > ${since}::timestamptz
    group by account_no`;
  return new Map(rows.map(({ no, changes }) => [no, changes]));
}

/** Writes what changed; answers the new ids in the order given. */
export async function recordTransitions(
  sql: Sql,
  changes: readonly { accountNo: number; change: Change; lastSeenAt?: number | null }[],
  at: number,
): Promise<number[]> {
  const row = changes.map(({ accountNo, change: c, lastSeenAt }) => ({
    accountNo,
    lastSeenAt: lastSeenAt ?? null,
    kind: c.kind,
    fromCode: 'fromCode' in c ? c.fromCode : null,
    toCode: 'toCode' in c ? c.toCode : null,
    fromState: 'fromState' in c ? c.fromState : null,
    toState: 'toState' in c ? c.toState : null,
    fromMinor: 'fromMinor' in c ? c.fromMinor : null,
    toMinor: 'toMinor' in c ? c.toMinor : null,
  }));
  const rows = await sql<{ id: number }>`
    insert into transitions (account_no, kind, from_code, to_code, from_state, to_state, from_minor, to_minor, last_seen_at,
      detected_at)
    select account_no, kind, from_code, to_code, from_state, to_state, from_minor, to_minor, last_seen_at, ${at}::timestamptz
    from unnest(
      ${row.map((r) => r.accountNo)}::int[], ${row.map((r) => r.kind)}::text[], ${row.map((r) => r.fromCode)}::int[],
      ${row.map((r) => r.toCode)}::int[], ${row.map((r) => r.fromState)}::text[], ${row.map((r) => r.toState)}::text[],
      ${row.map((r) => r.fromMinor)}::int8[], ${row.map((r) => r.toMinor)}::int8[], ${row.map((r) => r.lastSeenAt)}::timestamptz[]
    ) with ordinality as u (account_no, kind, from_code, to_code, from_state, to_state, from_minor, to_minor, last_seen_at, n)
    order by n returning id`;
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}
