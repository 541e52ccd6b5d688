import type { BacktestAnswer, RuleView, TunedView } from '../../contract/rules.ts';
import type { Answer } from '../kit/use-act.ts';

/** The server actions of the page. */
export interface RuleActions {
  set(form: FormData): Promise<Answer>;
  backtest(form: FormData): Promise<BacktestAnswer>;
}

/** The part of a word about a kind that its form says. */
export type Said = Pick<TunedView, 'isOn' | 'severity' | 'thresholds'>;

/** Nothing said: what counts is what the kind does untuned. */
export const nothing: Said = { isOn: null, severity: null, thresholds: {} };

/**
 * What is typed, as the server takes it. A field that is empty takes back what it said; where the form began empty
 * (`isWhole` false) it leaves what was said.
 */
export function ruleFormOf(rule: RuleView, form: FormData, isWhole: boolean): FormData {
  const thresholds: Record<string, number | null> = {};
  for (const { name } of rule.thresholds) {
    const typed = String(form.get(`threshold ${name}`) ?? '').trim();
    thresholds[name] = typed === '' ? null : Number(typed);
  }
  form.set('thresholds', JSON.stringify(thresholds));
  form.set('whole', isWhole ? 'yes' : 'no');
  return form;
}

/** The form that says exactly this for a scope. */
export function formOfSaid(
  rule: RuleView,
  { vendor, accountId }: Pick<TunedView, 'vendor' | 'accountId'>,
  said: Said,
): FormData {
  const form = new FormData();
  form.set('kind', rule.kind);
  form.set('whole', 'yes');
  form.set('vendor', vendor ?? '');
  form.set('accountId', accountId ?? '');
  form.set('state', said.isOn === null ? '' : said.isOn ? 'on' : 'off');
  if (hasSeverity(rule)) form.set('severity', said.severity ?? '');
  const all = rule.thresholds.map(({ name }) => [name, said.thresholds[name] ?? null]);
  form.set('thresholds', JSON.stringify(Object.fromEntries(all)));
  return form;
}

/** A token is as pressing as few days are left: nobody says otherwise. */
export function hasSeverity({ kind }: RuleView): boolean {
  return kind !== 'token_expiring';
}

/** A threshold's value as people read it; what it counts stands in its words, percentages apart. */
export function valueWords(value: number, unit: string): string {
  return unit === 'percent' ? `${value}%` : String(value);
}
