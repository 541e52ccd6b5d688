import type { AccountId } from '../domain/account.ts';
import type { Sql } from '../ports/sql.ts';

/** Whose history is written to a file. */
export interface ExportedAccount {
  no: number;
  accountId: AccountId;
  name: string | null;
  vendor: string | null;
  connection: string;
  currency: string;
  timezone: string;
}

/** The accounts of a vendor, one account, or (both null) all, archived ones too, by id. */
export async function listExportedAccounts(
  sql: Sql,
  which: { accountId: AccountId | null; vendor: string | null },
): Promise<ExportedAccount[]> {
  return sql<ExportedAccount>`
    select a.no, a.account_id as "accountId", a.name, v.name as vendor, c.name as connection, a.currency, a.timezone
    from accounts a join connections c on c.id = a.connection_id left join vendors v on v.id = a.vendor_id
    where (${which.accountId}::text is null or a.account_id = ${which.accountId}::text)
      and (${which.vendor}::text is null or v.name = ${which.vendor}::text)
    order by a.account_id`;
}
