import type { AccountId } from '../domain/account.ts';
import type { Role } from '../domain/permissions.ts';
import type { Sql } from '../ports/sql.ts';

/** What the operator's tool lists and changes beside what the cycles do. */

/** Everyone who was ever let in, those who still are first. Instants are epoch ms. */
export async function listMembers(sql: Sql): Promise<
  {
    email: string;
    role: Role;
    isDisabled: boolean;
    createdAt: number;
    lastSeenAt: number | null;
    hasSecondStep: boolean;
  }[]
> {
  return sql`
    select m.email, m.role, m.disabled_at is not null as "isDisabled", m.created_at as "createdAt",
      (select max(s.last_seen_at) from sessions s where s.member_id = m.id) as "lastSeenAt",
      exists (select from second_steps t where t.member_id = m.id and t.confirmed_at is not null) as "hasSecondStep"
    from members m order by m.disabled_at is not null, m.email`;
}

export async function listAccountLines(
  sql: Sql,
): Promise<
  { accountId: string; name: string | null; vendor: string | null; connection: string; state: string }[]
> {
  return sql`
    select a.account_id as "accountId", a.name, v.name as vendor, c.name as connection,
      case when a.archived_at is null then l.state else 'archived' end as state
    from accounts a join latest l on l.account_no = a.no join connections c on c.id = a.connection_id
    left join vendors v on v.id = a.vendor_id order by a.account_id`;
}

/** Gives a Business Manager's accounts that nobody has assigned yet to the vendor that owns it. */
export async function assignByBusiness(sql: Sql, vendorName: string): Promise<number> {
  const rows = await sql`
    update accounts a set vendor_id = v.id
    from vendors v join businesses b on b.vendor_id = v.id
    where v.name = ${vendorName} and a.business_id = b.business_id and a.vendor_id is null returning a.no`;
  return rows.length;
}

/** Holds the account's row: its number and currency, and its limit as the operator entered it; null when there is none of this id. */
export async function lockAccount(
  sql: Sql,
  accountId: AccountId,
): Promise<{
  no: number;
  currency: string;
  operatorLimitMinor: number | null;
  metaLimitMinor: number | null;
} | null> {
  const [row] = await sql<{
    no: number;
    currency: string;
    operatorLimitMinor: number | null;
    metaLimitMinor: number | null;
  }>`
    select a.no, a.currency, a.operator_limit_minor as "operatorLimitMinor", l.meta_limit_minor as "metaLimitMinor"
    from accounts a join latest l on l.account_no = a.no where a.account_id = ${accountId} for update of a`;
  return row ?? null;
}

/** Null = nobody's. False when there is no vendor of this name. */
export async function assignVendor(sql: Sql, accountNo: number, vendorName: string | null): Promise<boolean> {
  const rows = await sql`
    update accounts set vendor_id = v.id from (select ${vendorName}::text as name) given left join vendors v using (name)
    where accounts.no = ${accountNo} and (given.name is null or v.id is not null) returning accounts.no`;
  return rows.length > 0;
}

export async function writeOperatorLimit(sql: Sql, accountNo: number, minor: number | null): Promise<void> {
  await sql`update accounts set operator_limit_minor = ${minor} where no = ${accountNo}`;
}

export async function listVendorNames(sql: Sql): Promise<string[]> {
  const rows = await sql<{ name: string }>`select name from vendors order by name`;
  return rows.map(({ name }) => name);
}

/** How many accounts are looked after, and how many of them are simulated. */
export async function countFleet(sql: Sql): Promise<{ accounts: number; simulated: number }> {
  const [row] = await sql<{ accounts: number; simulated: number }>`
    select count(*) as accounts, count(*) filter (where c.kind = 'simulation') as simulated
    from accounts a join connections c on c.id = a.connection_id where a.archived_at is null`;
  return row ?? { accounts: 0, simulated: 0 };
}
