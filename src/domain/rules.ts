import type { AlertKind, Severity } from './alert.ts';
import { minorPerMajor } from './money.ts';

/** The kinds of alerts, what each does untuned, and how an operator's rules change that. */

/** What a threshold counts. `money` is major units of the account's own currency: 25 is $25, €25 or ¥25. */
type Unit = 'percent' | 'hours' | 'clicks' | 'money' | 'slots' | 'intervals' | 'cycles';

/** A number that can be tuned: its default, its bounds, and what it means. */
export interface Threshold {
  unit: Unit;
  value: number;
  least: number;
  most: number;
  means: string;
}

interface KindRule {
  /** What is tuned: accounts can be tuned for all, a vendor or one account; connections for all; the house not at all. */
  about: 'account' | 'connection' | 'house';
  severity: Severity;
  isOn: boolean;
  thresholds: Readonly<Record<string, Threshold>>;
}

const percent = (value: number, means: string): Threshold => ({
  ...{ unit: 'percent', value, least: 0, most: 1000, means },
});
const floor = (value: number, means: string): Threshold => ({
  ...{ unit: 'money', value, least: 0, most: 1_000_000_000, means },
});
const after = (value: number): Threshold => ({
  ...{ unit: 'slots', value, least: 1, most: 288, means: 'opens after so many bad slots in a row' },
});

const account = { about: 'account', isOn: true } as const;
const connection = { about: 'connection', isOn: true, thresholds: {} } as const;

/** Every kind of alert as it is while nobody has tuned it. */
const kinds = {
  account_suspended: { ...account, severity: 'critical', thresholds: {} },
  account_closing: { ...account, severity: 'critical', thresholds: {} },
  account_closed: { ...account, severity: 'critical', thresholds: {} },
  account_restored: { ...account, severity: 'info', thresholds: {} },
  not_delivering: { ...account, severity: 'critical', thresholds: {} },
  payment_warning: { ...account, severity: 'warning', thresholds: {} },
  daily_limit_cut: {
    ...{ ...account, severity: 'critical' },
    thresholds: {
      percent: percent(20, 'down by more than this'),
      floor: floor(10, 'and by at least this much money'),
    },
  },
  daily_limit_raised: {
    ...{ ...account, severity: 'info' },
    thresholds: {
      percent: percent(0, 'up by more than this'),
      floor: floor(0, 'and by at least this much money'),
    },
  },
  spend_cap_cut: {
    ...{ ...account, severity: 'critical' },
    thresholds: {
      percent: percent(20, 'down by more than this'),
      floor: floor(10, 'and by at least this much money'),
    },
  },
  funds_low: {
    ...{ ...account, severity: 'warning' },
    thresholds: {
      hours: {
        unit: 'hours',
        value: 6,
        least: 0,
        most: 720,
        means: 'gone within so many hours at the pace of today',
      },
      percent: percent(10, 'or at most this much of the spend cap left'),
      floor: floor(25, 'with at least this much money left to lose'),
      after: after(2),
    },
  },
  cpc_jump: {
    ...{ ...account, severity: 'warning' },
    thresholds: {
      percent: percent(30, 'above the 7 account-days before by at least this'),
      clicks: {
        unit: 'clicks',
        value: 100,
        least: 1,
        most: 1_000_000,
        means: 'on at least so many clicks today',
      },
      floor: floor(10, 'and at least this much money spent today'),
      after: after(2),
    },
  },
  stuck_delivery: {
    ...{ ...account, severity: 'warning' },
    thresholds: {
      floor: floor(1, 'where the account usually spends at least this much in such an hour'),
      after: after(3),
    },
  },
  blind_spot: {
    ...{ ...account, severity: 'critical' },
    thresholds: {
      intervals: {
        unit: 'intervals',
        value: 2,
        least: 1,
        most: 288,
        means: 'not read for more than so many cycles',
      },
    },
  },
  access_lost: { ...account, severity: 'critical', thresholds: {} },
  token_dead: { ...connection, severity: 'critical' },
  connection_stopped: { ...connection, severity: 'critical' },
  ceiling_reached: { ...connection, severity: 'critical' },
  // From 7 days on it is critical: `token-life.ts` says so.
  token_expiring: { ...connection, severity: 'warning' },
  polling_failing: {
    ...{ ...connection, severity: 'critical' },
    thresholds: {
      percent: { ...percent(95, 'fewer accounts than this were read in a cycle'), most: 100 },
      cycles: { unit: 'cycles', value: 3, least: 1, most: 1000, means: 'or so many sweeps in a row failed' },
    },
  },
  channel_disabled: { about: 'house', isOn: true, severity: 'critical', thresholds: {} },
} as const satisfies Readonly<Record<AlertKind, KindRule>>;

export const alertKinds = Object.keys(kinds) as AlertKind[];

/** Whether a text names a kind of alert. */
export function isAlertKind(text: string): text is AlertKind {
  return Object.hasOwn(kinds, text);
}

/** What a kind is while nobody has tuned it. */
export function kindRuleOf(kind: AlertKind): KindRule {
  return kinds[kind];
}

/** One operator's word about a kind: for all accounts (neither), for a vendor, or for one account. Null = not said. */
export interface AlertRule {
  kind: AlertKind;
  vendorId: number | null;
  accountNo: number | null;
  isOn: boolean | null;
  severity: Severity | null;
  thresholds: Readonly<Record<string, number>>;
}

type ThresholdName<K extends AlertKind> = keyof (typeof kinds)[K]['thresholds'];

/** A kind as it counts for one account, all words about it folded. */
export interface TunedRule<K extends AlertKind = AlertKind> {
  kind: K;
  isOn: boolean;
  severity: Severity;
  thresholds: Readonly<Record<ThresholdName<K>, number>>;
}

/** Folds the rules that concern one account, field by field: the account's word before its vendor's, that before all's. */
export function tune<K extends AlertKind>(
  rules: readonly AlertRule[],
  kind: K,
  vendorId: number | null,
  accountNo: number | null,
): TunedRule<K> {
  const concerned = rules
    .filter((rule) => rule.kind === kind && (rule.vendorId === null || rule.vendorId === vendorId))
    .filter((rule) => rule.accountNo === null || rule.accountNo === accountNo)
    .sort((one, other) => narrowness(one) - narrowness(other));
  const tuned = { ...defaultsOf(kind) };
  for (const { isOn, severity, thresholds } of concerned) {
    tuned.isOn = isOn ?? tuned.isOn;
    tuned.severity = severity ?? tuned.severity;
    tuned.thresholds = { ...tuned.thresholds, ...thresholds };
  }
  return tuned;
}

const narrowness = ({ vendorId, accountNo }: AlertRule): number =>
  accountNo !== null ? 2 : vendorId !== null ? 1 : 0;

/** The one place where names of thresholds are believed: they are those of the kind's own row. */
function defaultsOf<K extends AlertKind>(kind: K): TunedRule<K> {
  const { isOn, severity, thresholds } = kindRuleOf(kind);
  const values = Object.fromEntries(Object.entries(thresholds).map(([name, { value }]) => [name, value]));
  return { kind, isOn, severity, thresholds: values as Record<ThresholdName<K>, number> };
}

/** Tells how a kind counts for an account of a vendor. */
export type Tuner = <K extends AlertKind>(
  kind: K,
  account: { vendorId: number | null; accountNo: number | null },
) => TunedRule<K>;

/** `tune` for many accounts: the rules are sorted by whom they concern once, not for each account. */
export function tunerOf(rules: readonly AlertRule[]): Tuner {
  const scopes = new Map<string, AlertRule[]>();
  for (const rule of rules) {
    const scope = scopeKey(rule.vendorId, rule.accountNo);
    scopes.set(scope, [...(scopes.get(scope) ?? []), rule]);
  }
  return (kind, { vendorId, accountNo }) => {
    if (rules.length === 0) return defaultsOf(kind);
    const of = (vendor: number | null, no: number | null) => scopes.get(scopeKey(vendor, no)) ?? [];
    const all = of(null, null);
    const vendors = vendorId === null ? [] : of(vendorId, null);
    const own = accountNo === null ? [] : of(null, accountNo);
    return tune([...all, ...vendors, ...own], kind, vendorId, accountNo);
  };
}

const scopeKey = (vendorId: number | null, accountNo: number | null) => `${vendorId}/${accountNo}`;

/** How every kind counts while nobody has tuned anything. */
export const untuned: Tuner = tunerOf([]);

/** A floor in the minor units of a currency. */
export function floorMinor(major: number, currency: string): number {
  return Math.round(major * minorPerMajor(currency));
}

export type ParsedThresholds =
  { isDone: true; value: Record<string, number> } | { isDone: false; problem: string };

/** Reads thresholds of a kind by name, some or all of them; the problem says what to write instead. */
export function parseThresholds(kind: AlertKind, given: unknown): ParsedThresholds {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { isDone: false, problem: 'Give thresholds by name, for example {"percent": 30}.' };
  const known = kindRuleOf(kind).thresholds;
  const value: Record<string, number> = {};
  for (const [name, number] of Object.entries(given)) {
    const threshold = Object.hasOwn(known, name) ? known[name] : undefined;
    if (threshold === undefined)
      return { isDone: false, problem: unknownName(kind, name, Object.keys(known)) };
    const problem = problemOf(name, threshold, number);
    if (problem !== null) return { isDone: false, problem };
    value[name] = number as number;
  }
  return { isDone: true, value };
}

function unknownName(kind: AlertKind, name: string, names: string[]): string {
  return names.length === 0
    ? `${kind} has no thresholds; it can be switched on and off and given a severity.`
    : `${kind} has no threshold "${name}"; it has ${names.join(', ')}.`;
}

const fractional: readonly Unit[] = ['percent', 'hours', 'money'];

function problemOf(name: string, { unit, least, most }: Threshold, number: unknown): string | null {
  const isWhole = !fractional.includes(unit);
  const isRight =
    typeof number === 'number' && number >= least && number <= most && (!isWhole || Number.isInteger(number));
  if (isRight) return null;
  const what = unit === 'money' ? "major units of the account's currency" : unit;
  return `${name} is a ${isWhole ? 'whole number' : 'number'} of ${what} from ${least} to ${most}.`;
}
