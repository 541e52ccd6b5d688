import type { AccountId } from '../domain/account.ts';
import type { Sql } from '../ports/sql.ts';

/** The channel on which every process hears that there is a hint; the payload says nothing. */
export const hintChannel = 'arbhub_hints';

/** A change worth a look, with the SHA-256 of what was pushed, in hex. */
export interface HeardChange {
  digest: string;
  accountId: AccountId;
  field: string;
}

/** Remembers changes, makes one hint per account of those that are new, and wakes the readers. Answers how many were new. */
export async function hearChanges(sql: Sql, changes: readonly HeardChange[], at: number): Promise<number> {
  if (changes.length === 0) return 0;
  // Both tables are filled in order, so that two deliveries of the same changes never wait for each other in a circle.
  const [row] = await sql<{ heard: number }>`
    with heard as (
      insert into webhook_changes (digest, account_id, field, heard_at)
      select decode(c.digest, 'hex'), c.account_id, c.field, ${at}::timestamptz
      from unnest(
        ${changes.map((c) => c.digest)}::text[], ${changes.map((c) => c.accountId)}::text[],
        ${changes.map((c) => c.field)}::text[]) as c (digest, account_id, field)
      order by c.digest
      on conflict (digest) do nothing returning account_id, field
    ), hinted as (
      insert into hints as h (account_id, reason, heard_at)
      select distinct on (account_id) account_id, field, ${at}::timestamptz from heard
      order by account_id, field
      on conflict (account_id) do update set
        reason = excluded.reason, heard_at = greatest(h.heard_at, excluded.heard_at)
      returning account_id
    )
    select (select count(*) from heard) as heard,
      (select pg_notify(${hintChannel}, '') from hinted limit 1) as woken`;
  return row?.heard ?? 0;
}

/**
 * Takes accounts that are hinted at, known and not archived; of many takers at once each gets others. An account that was
 * taken less than `restMs` ago waits: ads that stop one by one must not cost one read each.
 */
export async function takeHints(
  sql: Sql,
  { at, restMs, most }: { at: number; restMs: number; most: number },
): Promise<AccountId[]> {
  // Heard in the very millisecond in which it was taken counts as heard after.
  const rows = await sql<{ accountId: AccountId }>`
    with due as (
      select h.account_id from hints h join accounts a on a.account_id = h.account_id
      where a.archived_at is null and (h.read_at is null or h.read_at <= h.heard_at)
        and (h.read_at is null or h.read_at <= ${at - restMs})
      order by h.heard_at, h.account_id limit ${most} for update of h skip locked
    )
    update hints h set read_at = ${at} from due where h.account_id = due.account_id
    returning h.account_id as "accountId"`;
  return rows.map(({ accountId }) => accountId);
}

/** Makes hints due again that were taken at an instant and not read after all. */
export async function giveBackHints(
  sql: Sql,
  accountIds: readonly AccountId[],
  takenAt: number,
): Promise<void> {
  await sql`
    update hints set read_at = null
    where account_id = any (${accountIds}::text[]) and read_at = ${takenAt}`;
}

/** When the next hint may be taken; null when none waits. */
export async function findNextHint(sql: Sql, restMs: number): Promise<number | null> {
  const [row] = await sql<{ next: number | null }>`
    select min(greatest(h.heard_at, h.read_at + ${restMs} * interval '1 millisecond')) as next
    from hints h join accounts a on a.account_id = h.account_id
    where a.archived_at is null and (h.read_at is null or h.read_at <= h.heard_at)`;
  return row?.next ?? null;
}

/** Forgets what was heard before an instant, taken or not. */
export async function deleteHeard(sql: Sql, before: number): Promise<void> {
  await sql`delete from webhook_changes where heard_at < ${before}`;
  await sql`delete from hints where heard_at < ${before}`;
}
