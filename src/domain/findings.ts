import { costRatio, type Paid, strictness } from './rates.ts';

/** Accounts that pay too much, told against the others of the same vendor and currency. */

/** What an account paid for its outbound clicks over the days that are compared. */
export interface AccountCost extends Paid {
  accountId: string;
}

export interface Finding<Account extends AccountCost> {
  /** Dearest first. */
  accounts: Account[];
  /** What they paid together, and what the rest did. */
  paid: Paid;
  rest: Paid & { accounts: number };
  /** How many times dearer they are, with the 95% interval. */
  ratio: number;
  low: number;
  high: number;
  /** What they would have kept at the rest's price, minor units. */
  savedMinor: number;
}

export const fewestClicks = 100;
export const fewestRestClicks = 500;
const leastRatio = 1.25;

function sum(accounts: readonly Paid[]): Paid {
  let [spendMinor, clicks] = [0, 0];
  for (const account of accounts) {
    spendMinor += account.spendMinor;
    clicks += account.clicks;
  }
  return { spendMinor, clicks };
}

function isDear(one: Paid, rest: Paid, z: number): boolean {
  const ratio = rest.clicks < fewestRestClicks ? null : costRatio(one, rest, z);
  return ratio !== null && ratio.value >= leastRatio && ratio.low > 1;
}

/** Whether one of the rest would have to stand with the dear ones: then the line between the two is drawn at will. */
function hidesAnother(others: readonly Paid[], rest: Paid, z: number): boolean {
  const without = ({ spendMinor, clicks }: Paid) => ({
    spendMinor: rest.spendMinor - spendMinor,
    clicks: rest.clicks - clicks,
  });
  return others.some((one) => one.clicks >= fewestClicks && isDear(one, without(one), z));
}

/**
 * The largest group of dearest accounts of which each pays at least a quarter more per click than the rest, beyond what chance
 * explains at 95%, all accounts that are compared taken together. At least 100 clicks each, 500 for the rest, and never more than half of the accounts. Null where there is none.
 */
export function findDear<Account extends AccountCost>(fleet: readonly Account[]): Finding<Account> | null {
  const cost = ({ spendMinor, clicks }: Paid) => spendMinor / clicks;
  const candidates = fleet
    .filter(({ clicks }) => clicks >= fewestClicks)
    .sort((a, b) => cost(b) - cost(a) || (a.accountId < b.accountId ? -1 : 1));
  const z = strictness(candidates.length);
  for (let size = Math.min(candidates.length, Math.floor(fleet.length / 2)); size > 0; size--) {
    const accounts = candidates.slice(0, size);
    const inGroup = new Set<Account>(accounts);
    const others = fleet.filter((account) => !inGroup.has(account));
    const rest = sum(others);
    if (!accounts.every((account) => isDear(account, rest, z)) || hidesAnother(others, rest, z)) continue;
    const paid = sum(accounts);
    const ratio = costRatio(paid, rest);
    if (ratio === null) continue;
    return {
      accounts,
      paid,
      rest: { ...rest, accounts: others.length },
      ratio: ratio.value,
      low: ratio.low,
      high: ratio.high,
      savedMinor: Math.round(paid.spendMinor - paid.clicks * cost(rest)),
    };
  }
  return null;
}
