import type { Sql } from '../ports/sql.ts';

/** What a silence covers; null: all. */
export interface SilenceScope {
  kinds: string[] | null;
  vendorId: number | null;
  accountNo: number | null;
}

/** Writes a silence and answers its id. */
export async function insertSilence(
  sql: Sql,
  silence: SilenceScope & { author: string; reason: string; startsAt: number; endsAt: number },
): Promise<number> {
  const [row] = await sql<{ id: number }>`
    insert into silences (author, reason, starts_at, ends_at, kinds, vendor_id, account_no)
    values (${silence.author}, ${silence.reason}, ${silence.startsAt}, ${silence.endsAt},
      ${silence.kinds}::text[], ${silence.vendorId}, ${silence.accountNo})
    returning id`;
  return row?.id ?? 0;
}

/** One silence in force, with the names of what it covers. */
export interface SilenceRow {
  id: number;
  author: string;
  reason: string;
  startsAt: number;
  endsAt: number;
  kinds: string[] | null;
  vendor: string | null;
  accountId: string | null;
  accountName: string | null;
}

/** The silences in force at an instant; the one that ends first comes first. */
export async function listSilences(sql: Sql, at: number): Promise<SilenceRow[]> {
  return sql<SilenceRow>`
    select s.id, s.author, s.reason, s.starts_at as "startsAt", s.ends_at as "endsAt", s.kinds, v.name as vendor,
      a.account_id as "accountId", a.name as "accountName"
    from silences s left join vendors v on v.id = s.vendor_id left join accounts a on a.no = s.account_no
    where s.ended_at is null and s.ends_at > ${at}
    order by s.ends_at, s.id`;
}

/** The silence of this id as it can be ended, locked; null when there is none in force. */
export async function lockSilence(sql: Sql, id: number, at: number): Promise<SilenceScope | null> {
  const [row] = await sql<SilenceScope>`
    select kinds, vendor_id as "vendorId", account_no as "accountNo" from silences
    where id = ${id} and ended_at is null and ends_at > ${at} for update`;
  return row ?? null;
}

export async function writeSilenceEnd(sql: Sql, id: number, end: { by: string; at: number }): Promise<void> {
  await sql`update silences set ended_at = ${end.at}, ended_by = ${end.by} where id = ${id}`;
}

/** The numbers behind the names of a scope; undefined where a name is not known. */
export async function findScope(
  sql: Sql,
  given: { vendor: string | null; accountId: string | null },
): Promise<{ vendorId: number | null; accountNo: number | null }> {
  const [row] = await sql<{ vendorId: number | null; accountNo: number | null }>`
    select (select id from vendors where name = ${given.vendor}::text) as "vendorId",
      (select no from accounts where account_id = ${given.accountId}::text) as "accountNo"`;
  return row ?? { vendorId: null, accountNo: null };
}
