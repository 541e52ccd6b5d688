import { unassignedVendor } from '../../domain/account.ts';
import type { AccountFacts } from '../../domain/alert-words.ts';
import { deriveFundsLeft, resolveDailyLimit, type DailyLimit, type SpendCap } from '../../domain/pace.ts';
import type { Known } from '../../domain/transition.ts';
import type { KnownAccount } from '../../store/accounts.ts';

/** The stored row of an account as the rules see it. */
export function toKnown(row: KnownAccount): Known {
  return {
    statusCode: row.statusCode,
    hasAccess: row.hasAccess,
    isArchived: row.isArchived,
    metaLimit: { minor: row.metaLimitMinor, source: row.metaLimitSource },
    spendCap: { minor: row.spendCapMinor, source: row.spendCapSource },
    amountSpentMinor: row.amountSpentMinor,
  };
}

/** The ceiling that counts for an account: the operator's word before Meta's. */
export function limitOf(row: KnownAccount, metaLimit: DailyLimit): DailyLimit {
  return resolveDailyLimit(row.operatorLimitMinor, metaLimit);
}

/** What a message about the account says, with the newest figures. */
export function factsOf(
  row: KnownAccount,
  now: Known & { name: string | null; disableReason: number | null; balanceDueMinor: number | null },
): AccountFacts {
  return {
    accountId: row.accountId,
    name: now.name,
    vendor: row.vendor ?? unassignedVendor,
    currency: row.currency,
    disableReason: now.disableReason,
    spendMinor: row.spendMinor,
    dailyLimitMinor: limitOf(row, now.metaLimit).minor,
    fundsLeftMinor: deriveFundsLeft(now.spendCap satisfies SpendCap, now.amountSpentMinor),
    balanceDueMinor: now.balanceDueMinor,
  };
}
