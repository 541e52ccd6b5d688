/** What the analytics page is asked and what it shows. Amounts are minor units of one currency, instants epoch ms, unknown is null. */

export const groupings = ['vendor', 'connection', 'currency'] as const;
export type Grouping = (typeof groupings)[number];
export const periods = [7, 30, 90] as const;
export type Period = (typeof periods)[number];

export interface AnalyticsAsk {
  by: Grouping;
  days: Period;
}

/** What was paid on one account-day; null before the first day that is known. */
export interface DaySum {
  spendMinor: number;
  clicks: number;
  outboundClicks: number;
  accounts: number;
}

export interface TrendLine {
  name: string;
  /** One for each of the trend's days. */
  days: (DaySum | null)[];
  /** Over the closed days alone. */
  total: DaySum;
}

/** All accounts of one currency, the biggest group first. */
export interface CurrencyTrend {
  currency: string;
  accounts: number;
  days: string[];
  /** Index of the first day that has not ended for all accounts; its figures still grow. */
  unfinishedFrom: number;
  lines: TrendLine[];
  total: DaySum;
}

/** A figure with what it stands on; null where that is too little. */
interface Rate {
  value: number;
  low: number;
  high: number;
}

interface CurvePoint {
  days: number;
  share: number;
  atRisk: number;
  deaths: number;
}

export interface VendorRecord {
  vendor: string;
  accountsNow: number;
  accountsEver: number;
  /** Dead when they were found: in no life and no rate. */
  foundDead: number;
  /** Deaths and days under watch in the period. */
  deaths: number;
  watchedDays: number;
  rate: Rate | null;
  /** Suspensions that were taken back within three days, ever. */
  returns: number;
  /** Lives ever watched, and how many of them ended with a death. */
  lives: number;
  lifeDeaths: number;
  curve: CurvePoint[];
  /** Longest life that is on record, in days: the curve says nothing beyond. */
  curveUntil: number;
  medianLifeDays: number | null;
  spendBeforeDeath: { currency: string; medianMinor: number; accounts: number }[];
  /** Dead accounts whose lifetime spend is not known. */
  spendUnknown: number;
  limitUse: { meanShare: number; underShare: number } | null;
  /** Closed account-days with a limit, and those left out because no limit was known or there was none. */
  limitDays: number;
  daysWithoutLimit: number;
}

interface DearAccount {
  accountId: string;
  name: string | null;
  spendMinor: number;
  clicks: number;
}

export interface CostFinding {
  vendor: string;
  currency: string;
  accounts: DearAccount[];
  spendMinor: number;
  clicks: number;
  restAccounts: number;
  restSpendMinor: number;
  restClicks: number;
  ratio: number;
  low: number;
  high: number;
  savedMinor: number;
}

export interface AnalyticsView {
  now: number;
  ask: AnalyticsAsk;
  /** Accounts that are not archived. */
  accounts: number;
  /** The newest account-day that has ended for an account, and the oldest day in the period that is stored; null before the first. */
  closedUntil: string | null;
  closedFrom: string | null;
  /** Closed account-days in the period, and how many of them Meta has not been asked about again since they ended. */
  closedDays: number;
  unconfirmedDays: number;
  trends: CurrencyTrend[];
  vendors: VendorRecord[];
  findings: CostFinding[];
  /** What was compared to find them: the last seven closed account-days. */
  compared: { accounts: number; clicks: number; groups: number; tooFew: number };
}
