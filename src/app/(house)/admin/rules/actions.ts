'use server';

import { type BacktestAnswer, backtestForm, ruleForm } from '../../../../contract/rules.ts';
import { requireActor, requireOwnPage } from '../../../../server/guard.ts';
import { house } from '../../../../server/house.ts';
import type { Act } from '../../../../services/alerts/acts.ts';
import { backtestRule } from '../../../../services/alerts/backtest-rule.ts';
import { setRule } from '../../../../services/alerts/set-rule.ts';
import { wishOf } from '../wish-of.ts';

/** Tunes a kind for a scope; what is said nowhere any more is back at its default. */
export async function set(form: FormData): Promise<Act> {
  return wishOf({ ...here, schema: ruleForm, form }, setRule);
}

/** What the setting would have told in the last days. Changes nothing. */
export async function backtest(form: FormData): Promise<BacktestAnswer> {
  await requireOwnPage();
  const actor = await requireActor('rules:change');
  const typed = Object.fromEntries(form);
  const [wish, asked] = [ruleForm.safeParse(typed), backtestForm.safeParse(typed)];
  if (!wish.success || !asked.success)
    return { isDone: false, problem: 'This cannot be read: thresholds are numbers.' };
  const { days } = asked.data;
  const played = await backtestRule(await house(), actor, { ...wish.data, days });
  if (!played.isDone) return played;
  const { accounts, firings, unjudged, byAccount } = played.value;
  return {
    isDone: true,
    backtest: { days, accounts, firings, unjudged, byAccount: byAccount.slice(0, 10) },
  };
}

const here = { action: 'rules:change', page: '/admin/rules' } as const;
