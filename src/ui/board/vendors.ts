import type { AccountCard } from '../../contract/account-card.ts';
import { isBurning } from './tile.ts';

export interface VendorCount {
  vendor: string;
  accounts: number;
  burning: number;
}

/** The vendors by name, and how many of their accounts burn. */
export function countVendors(cards: readonly AccountCard[]): VendorCount[] {
  const counts = new Map<string, VendorCount>();
  for (const card of cards) {
    const { vendor } = card;
    const known = counts.get(vendor) ?? { vendor, accounts: 0, burning: 0 };
    known.accounts += 1;
    if (isBurning(card)) known.burning += 1;
    counts.set(vendor, known);
  }
  return [...counts.values()].sort((a, b) => (a.vendor < b.vendor ? -1 : 1));
}
