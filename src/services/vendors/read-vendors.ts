import type { VendorView } from '../../contract/vendors.ts';
import { majorText } from '../../domain/money.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { Database } from '../../ports/sql.ts';
import { listVendorRows } from '../../store/vendors.ts';
import { mustBeAllowed } from '../refusal.ts';

/** All vendors with contact, promises and channels. Throws `Refused`. */
export async function readVendors(
  { database }: { database: Pick<Database, 'sql'> },
  actor: Actor,
): Promise<VendorView[]> {
  mustBeAllowed(actor, 'accounts:change');
  return (await listVendorRows(database.sql)).map(
    ({ id: _, promisedLimitCurrency: currency, ...vendor }) => ({
      ...vendor,
      promisedCurrency: currency,
      promisedLimit:
        vendor.promisedLimitMinor === null || currency === null
          ? null
          : majorText(vendor.promisedLimitMinor, currency).replace(/\.00$/, ''),
    }),
  );
}
