import { alertKinds, kindRuleOf } from '../domain/rules.ts';
import { backtestRule } from '../services/alerts/backtest-rule.ts';
import { setRule } from '../services/alerts/set-rule.ts';
import type { RuleWish } from '../services/alerts/rule-wish.ts';
import { listNamedRules } from '../store/alert-rules.ts';
import { done, Mistake, one, operator, type Command, type Given } from './command.ts';

const wishUsage =
  'KIND [--vendor V | --account ACT] [--state on|off|default] [--severity critical|warning|info|default] [--threshold NAME=NUMBER|NAME=default …]';

/** The commands about which alerts there are, how they are tuned, and what a setting would have done. */
export const ruleCommands: Record<string, Command> = {
  'rule list': {
    usage: 'rule list',
    does: 'lists every kind of alert with its defaults, and below it what was tuned',
    async run({ database }) {
      const rules = await listNamedRules(database.sql);
      return alertKinds.flatMap((kind) => {
        const { isOn, severity, thresholds } = kindRuleOf(kind);
        const values = Object.entries(thresholds).map(([name, { value }]) => [name, value] as const);
        return [
          line(kind, 'default', isOn, severity, values, null),
          ...rules
            .filter((rule) => rule.kind === kind)
            .map((rule) =>
              line(
                ...([kind, rule.accountId ?? rule.vendor ?? 'all', rule.isOn, rule.severity] as const),
                ...([Object.entries(rule.thresholds), rule.updatedBy] as const),
              ),
            ),
        ];
      });
    },
  },
  'rule set': {
    usage: `rule set ${wishUsage}`,
    does: 'tunes a kind of alert for all accounts, for a vendor or for one account',
    async run(deps, given) {
      const wish = wishOf(given);
      if (wish.isOn === undefined && wish.severity === undefined && wish.thresholds === undefined)
        throw new Mistake('Say what to tune: --state, --severity or --threshold.');
      const { kind, isOn, severity, thresholds } = done(await setRule(deps, operator, wish));
      const scope = wish.accountId ?? wish.vendor ?? 'all';
      return [line(kind, scope, isOn, severity, Object.entries(thresholds), operator.name)];
    },
  },
  'rule backtest': {
    usage: `rule backtest ${wishUsage} [--days 30]`,
    does: 'tells how often a setting would have fired in the last days, and where',
    async run(deps, given) {
      const days = one(given, 'days');
      const wish = { ...wishOf(given), days: days === undefined ? undefined : Number(days) };
      const { from, to, byAccount, first, ...rest } = done(await backtestRule(deps, operator, wish));
      return [
        {
          ...{ ...rest, from: iso(from), to: iso(to) },
          by_account: byAccount,
          first: first.map(({ at, accountId }) => ({ at: iso(at), accountId })),
        },
      ];
    },
  },
};

const iso = (at: number): string => new Date(at).toISOString();

function line(
  kind: string,
  scope: string,
  isOn: boolean | null,
  severity: string | null,
  thresholds: readonly (readonly [string, number])[],
  by: string | null,
) {
  const state = isOn === null ? null : isOn ? 'on' : 'off';
  return { kind, scope, state, severity, thresholds: thresholds.map((one) => one.join('=')).join(' '), by };
}

function wishOf(given: Given): RuleWish {
  const kind = given.words[0];
  if (kind === undefined) throw new Mistake(`Name the kind of alert: ${alertKinds.join(', ')}.`);
  const [state, severity] = [one(given, 'state'), one(given, 'severity')];
  const words = [given.options['threshold'] ?? []].flat().map(String);
  return {
    ...{ kind, vendor: one(given, 'vendor'), accountId: one(given, 'account') },
    isOn: state === undefined ? undefined : stateOf(state),
    severity: severity === 'default' ? null : severity,
    thresholds: words.length === 0 ? undefined : Object.fromEntries(words.map(thresholdOf)),
  };
}

function stateOf(text: string): boolean | null {
  if (text === 'default') return null;
  if (text !== 'on' && text !== 'off') throw new Mistake('--state is one of on, off, default.');
  return text === 'on';
}

function thresholdOf(text: string): [string, number | null] {
  const [name = '', value = '', ...rest] = text.split('=');
  const number = value.trim() === '' ? NaN : Number(value);
  if (name === '' || rest.length > 0 || (value !== 'default' && Number.isNaN(number)))
    throw new Mistake(`"${text}" is no threshold: write it like --threshold percent=30.`);
  return [name, value === 'default' ? null : number];
}
