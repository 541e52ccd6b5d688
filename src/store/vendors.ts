import type { Sql } from '../ports/sql.ts';

/** Vendors as an admin looks after them. Null = nothing is said. */

export interface VendorTerms {
  contactName: string | null;
  contactEmail: string | null;
  contactTelegram: string | null;
  note: string | null;
  /** Within how many hours a dead account is replaced. */
  promisedHours: number | null;
  promisedLimitMinor: number | null;
  promisedLimitCurrency: string | null;
  feeNote: string | null;
}

export interface VendorRow extends VendorTerms {
  id: number;
  name: string;
  businessIds: string[];
  /** Accounts on the board, and those of them that are down. */
  accounts: number;
  down: number;
  /** Accounts in the currency of the promised limit, and those of them whose limit is known to be lower. */
  promisedAccounts: number;
  belowPromise: number;
  /** The vendor's own channels. */
  channels: { name: string; isOn: boolean }[];
}

/** All vendors by name. */
export async function listVendorRows(sql: Sql): Promise<VendorRow[]> {
  return sql<VendorRow>`
    select v.id, v.name, v.contact_name as "contactName", v.contact_email as "contactEmail",
      v.contact_telegram as "contactTelegram", v.note, v.promised_hours as "promisedHours",
      v.promised_limit_minor as "promisedLimitMinor", v.promised_limit_currency as "promisedLimitCurrency",
      v.fee_note as "feeNote",
      array(select b.business_id from businesses b where b.vendor_id = v.id order by b.business_id) as "businessIds",
      fleet.*,
      coalesce((select jsonb_agg(jsonb_build_object('name', c.name, 'isOn', c.disabled_at is null) order by c.id)
        from channels c where c.vendor_id = v.id and c.removed_at is null), '[]') as channels
    from vendors v cross join lateral (
      select count(*) as accounts, count(*) filter (where l.state in ('suspended', 'closing', 'closed')) as down,
        count(*) filter (where a.currency = v.promised_limit_currency) as "promisedAccounts",
        count(*) filter (where a.currency = v.promised_limit_currency
          and coalesce(a.operator_limit_minor, l.meta_limit_minor) < v.promised_limit_minor) as "belowPromise"
      from accounts a join latest l on l.account_no = a.no where a.vendor_id = v.id and a.archived_at is null) fleet
    order by v.name`;
}

/** Holds the vendor of a name till the transaction ends; null when there is none. */
export async function lockVendor(sql: Sql, name: string): Promise<{ id: number } | null> {
  const [row] = await sql<{ id: number }>`select id from vendors where name = ${name} for update`;
  return row ?? null;
}

/** Null when the name is taken. */
export async function insertVendor(sql: Sql, name: string): Promise<number | null> {
  const [row] = await sql<{ id: number }>`
    insert into vendors (name) values (${name}) on conflict (name) do nothing returning id`;
  return row?.id ?? null;
}

/** Writes what is said of a vendor. False when the new name is another vendor's. */
export async function writeVendor(
  sql: Sql,
  id: number,
  { name, ...terms }: VendorTerms & { name: string },
): Promise<boolean> {
  const rows = await sql`
    update vendors set name = ${name}, contact_name = ${terms.contactName}, contact_email = ${terms.contactEmail},
      contact_telegram = ${terms.contactTelegram}, note = ${terms.note}, promised_hours = ${terms.promisedHours},
      promised_limit_minor = ${terms.promisedLimitMinor}, promised_limit_currency = ${terms.promisedLimitCurrency},
      fee_note = ${terms.feeNote}
    where id = ${id} and not exists (select from vendors o where o.name = ${name} and o.id <> ${id}) returning id`;
  return rows.length > 0;
}

/** Of these Business Managers those that are another vendor's, with its name. */
export async function listForeignBusinesses(
  sql: Sql,
  vendorId: number | null,
  businessIds: readonly string[],
): Promise<{ businessId: string; vendor: string }[]> {
  return sql`
    select b.business_id as "businessId", v.name as vendor from businesses b join vendors v on v.id = b.vendor_id
    where b.business_id = any (${businessIds}::text[]) and v.id is distinct from ${vendorId}::int order by 1`;
}

/** Gives a vendor these Business Managers; with `isAll` it has no others. Accounts stay whose they are. */
export async function giveBusinesses(
  sql: Sql,
  vendorId: number,
  businessIds: readonly string[],
  isAll: boolean,
): Promise<void> {
  if (isAll)
    await sql`
      update businesses set vendor_id = null
      where vendor_id = ${vendorId} and business_id <> all (${businessIds}::text[])`;
  await sql`
    insert into businesses (business_id, vendor_id) select unnest(${businessIds}::text[]), ${vendorId}::int
    on conflict (business_id) do update set vendor_id = excluded.vendor_id`;
}
