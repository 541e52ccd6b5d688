/** The four agencies that rent accounts out, and their Business Managers. */
import { Draw, hash } from './random.ts';

export interface Business {
  readonly id: string;
  readonly name: string;
}

export interface Vendor {
  readonly name: string;
  /** Multiplies the hazard of its accounts: below 1 is a good vendor. */
  readonly risk: number;
  /** How many of thirty accounts come from it. */
  readonly share: number;
  readonly businesses: readonly Business[];
}

const AGENCIES = [
  { name: 'Agency Alpha', risk: 0.5, share: 10 },
  { name: 'Agency Beta', risk: 1, share: 8 },
  { name: 'Agency Gamma', risk: 1.6, share: 7 },
  { name: 'Agency Delta', risk: 2.6, share: 5 },
] as const;

/** The vendors of a world; each has one to three Business Managers. */
export function vendorsOf(seed: number): Vendor[] {
  return AGENCIES.map((agency, position) => {
    const count = 1 + (hash(seed, Draw.business, position) % 3);
    const businesses = Array.from({ length: count }, (_, number) => ({
      id: businessId(seed, position, number),
      name: `${agency.name} BM ${number + 1}`,
    }));
    return { ...agency, businesses };
  });
}

/** The renting team's own Business Manager, to which every account is shared. */
export function operatorBusiness(seed: number): Business {
  return { id: businessId(seed, AGENCIES.length, 0), name: 'Media Buying Team' };
}

function businessId(seed: number, vendor: number, number: number): string {
  const tail = hash(seed, Draw.businessId, vendor, number);
  return `7${vendor + 1}${number + 1}${String(tail).padStart(12, '0')}`;
}
