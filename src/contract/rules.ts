import { z } from 'zod';
import type { AlertKind, Severity } from '../domain/alert.ts';

/** The kinds of alerts as admins tune them. */

interface ThresholdView {
  name: string;
  unit: string;
  /** What counts untuned. */
  value: number;
  least: number;
  most: number;
  means: string;
}

/** One word about a kind, for all accounts (neither), a vendor's, or one. Null or left out = not said. */
export interface TunedView {
  vendor: string | null;
  accountId: string | null;
  isOn: boolean | null;
  severity: Severity | null;
  thresholds: Readonly<Record<string, number>>;
  by: string;
  at: number;
}

export interface RuleView {
  kind: AlertKind;
  /** What can be tuned: accounts for all, a vendor or one; connections for all; the house not at all. */
  about: 'account' | 'connection' | 'house';
  severity: Severity;
  thresholds: readonly ThresholdView[];
  tuned: readonly TunedView[];
}

export interface RulesView {
  rules: readonly RuleView[];
  vendors: readonly string[];
}

/** What a setting would have told in the last days. Instants are epoch ms. */
export interface BacktestView {
  days: number;
  accounts: number;
  firings: number;
  /** Accounts of which nothing is stored for that time. */
  unjudged: number;
  /** Those with most first, ten at most. */
  byAccount: readonly { accountId: string; name: string | null; vendor: string; firings: number }[];
}
export type BacktestAnswer = { isDone: true; backtest: BacktestView } | { isDone: false; problem: string };

const thresholds = z
  .string()
  .max(2000)
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'This is not JSON.' });
      return z.NEVER;
    }
  })
  .pipe(z.record(z.string().max(40), z.number().nullable()));

/** A word about a kind for one scope. What is empty is taken back (`whole`), or left as it was. */
export const ruleForm = z
  .object({
    kind: z.string().max(60),
    whole: z.enum(['yes', 'no']),
    vendor: z.string().max(100),
    accountId: z.string().trim().max(40),
    state: z.enum(['', 'on', 'off']),
    /** Left out where a kind's severity is not to be said. */
    severity: z.string().max(20).optional(),
    thresholds,
  })
  .transform(({ kind, whole, vendor, accountId, state, severity, thresholds: wished }) => {
    const unsaid = whole === 'yes' ? null : undefined;
    const said = Object.entries(wished).filter(([, value]) => whole === 'yes' || value !== null);
    return {
      kind,
      vendor: vendor === '' ? undefined : vendor,
      accountId: accountId === '' ? undefined : accountId,
      isOn: state === '' ? unsaid : state === 'on',
      severity: severity === '' ? unsaid : severity,
      thresholds: Object.fromEntries(said),
    };
  });
export const backtestForm = z.object({ days: z.coerce.number().int() });
