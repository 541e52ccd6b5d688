import { z } from 'zod';

/** One vendor as an admin sees it. Null = nothing is said. */
export interface VendorView {
  name: string;
  businessIds: readonly string[];
  accounts: number;
  down: number;
  contactName: string | null;
  contactEmail: string | null;
  contactTelegram: string | null;
  note: string | null;
  promisedHours: number | null;
  /** In major units of `promisedCurrency`, as it is typed. */
  promisedLimit: string | null;
  promisedLimitMinor: number | null;
  promisedCurrency: string | null;
  feeNote: string | null;
  /** Accounts in the currency of the promised limit, and those of them with a lower one. */
  promisedAccounts: number;
  belowPromise: number;
  channels: readonly { name: string; isOn: boolean }[];
}

const text = (most: number) => z.string().trim().max(most);

export const newVendorForm = z.object({ name: text(200), businesses: text(2000) });

/** Everything that is said of a vendor; an empty field takes back what was said. */
export const vendorForm = z.object({
  vendor: text(200),
  name: text(200),
  businesses: text(2000),
  contactName: text(200),
  contactEmail: text(300),
  contactTelegram: text(100),
  note: text(3000),
  promisedHours: text(20),
  promisedLimit: text(30),
  promisedCurrency: text(10),
  feeNote: text(1000),
});
export type VendorWish = Omit<z.output<typeof vendorForm>, 'vendor'>;
