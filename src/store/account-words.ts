import type { AccountId } from '../domain/account.ts';
import type { Sql } from '../ports/sql.ts';

/** What the team writes about accounts: tags to find them by, notes for each other. */

/** The number of an account, archived or not; null when there is none of this id. */
export async function findAccountNo(sql: Sql, accountId: AccountId): Promise<number | null> {
  const [row] = await sql<{ no: number }>`select no from accounts where account_id = ${accountId}`;
  return row?.no ?? null;
}

/** Answers the note's id. */
export async function insertNote(
  sql: Sql,
  note: { accountNo: number; author: string; words: string; at: number },
): Promise<number> {
  const [row] = await sql<{ id: number }>`
    insert into notes (account_no, author, words, written_at)
    values (${note.accountNo}, ${note.author}, ${note.words}, ${note.at}) returning id`;
  return row?.id ?? 0;
}

/** Gives an account these tags and no others; answers whether that changed anything. */
export async function replaceTags(sql: Sql, accountNo: number, tags: readonly string[]): Promise<boolean> {
  const gone = await sql`
    delete from account_tags where account_no = ${accountNo} and tag <> all (${[...tags]}::text[]) returning tag`;
  const come = await sql`
    insert into account_tags (account_no, tag) select ${accountNo}, unnest(${[...tags]}::text[])
    on conflict do nothing returning tag`;
  return gone.length + come.length > 0;
}
