'use client';

import { type FormEvent, useState, useTransition } from 'react';
import type { BacktestAnswer, BacktestView, RuleView, TunedView } from '../../contract/rules.ts';
import { severities } from '../../domain/alert.ts';
import { count } from '../kit/figures.ts';
import { useAct } from '../kit/use-act.ts';
import { FormProblem } from '../kit/form-problem.tsx';
import {
  formOfSaid,
  hasSeverity,
  nothing,
  type RuleActions,
  ruleFormOf,
  type Said,
  valueWords,
} from './rule-wish.ts';

/** One word about a kind: typed, tried on the past, saved. Without a scope it asks for whom it is. */
export function RuleForm(props: {
  rule: RuleView;
  vendors: readonly string[];
  actions: RuleActions;
  said: Said;
  scope: Pick<TunedView, 'vendor' | 'accountId'> | null;
  open: string;
  label: string;
}) {
  const { rule, vendors, actions, said, scope, open, label } = props;
  const { act, isPending, problem } = useAct();
  const [tried, setTried] = useState<BacktestAnswer | null>(null);
  const [isTrying, start] = useTransition();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = ruleFormOf(rule, new FormData(element), scope !== null);
    const { submitter } = event.nativeEvent as SubmitEvent;
    const days = submitter instanceof HTMLButtonElement ? submitter.value : '';
    if (days !== '') {
      form.set('days', days);
      start(async () => {
        try {
          setTried(await actions.backtest(form));
        } catch {
          setTried({ isDone: false, problem: 'ArbHub did not answer.' });
        }
      });
      return;
    }
    const of = {
      vendor: String(form.get('vendor')) || null,
      accountId: String(form.get('accountId')) || null,
    };
    const standing = rule.tuned.find((one) => one.vendor === of.vendor && one.accountId === of.accountId);
    const before = formOfSaid(rule, of, standing ?? nothing);
    act(
      async () => {
        const answer = await actions.set(form);
        if (answer.isDone) {
          setTried(null);
          element.reset();
          element.closest('details')?.removeAttribute('open');
        }
        return answer;
      },
      'Saved. It counts from the next judgement on.',
      () => actions.set(before),
    );
  };
  return (
    <details className="admin__more">
      <summary className="btn" aria-label={label}>
        {open}
      </summary>
      <form className="act-form" onSubmit={submit}>
        <input type="hidden" name="kind" value={rule.kind} />
        <Scope {...{ rule, vendors, scope }} />
        <div className="act-form__pair act-form__halves">
          <label>
            State
            <select
              className="field"
              name="state"
              defaultValue={said.isOn === null ? '' : said.isOn ? 'on' : 'off'}
            >
              <option value="">as it is otherwise</option>
              <option value="on">on</option>
              <option value="off">off</option>
            </select>
          </label>
          {hasSeverity(rule) && (
            <label>
              Severity
              <select className="field" name="severity" defaultValue={said.severity ?? ''}>
                <option value="">as it is otherwise</option>
                {severities.map((severity) => (
                  <option key={severity}>{severity}</option>
                ))}
              </select>
            </label>
          )}
        </div>
        {rule.thresholds.map(({ name, means, unit, value, least, most }) => (
          <label key={name}>
            {means}
            {unit === 'percent' && ', in percent'}
            <input
              className="field"
              name={`threshold ${name}`}
              type="number"
              step="any"
              min={least}
              max={most}
              placeholder={`as it is otherwise (untuned ${valueWords(value, unit)})`}
              defaultValue={said.thresholds[name] ?? ''}
            />
          </label>
        ))}
        <FormProblem problem={problem ?? (tried?.isDone === false ? tried.problem : null)} />
        <div role="status">{tried?.isDone === true && <Tried backtest={tried.backtest} />}</div>
        <div className="btns">
          <button className="btn btn--primary" disabled={isPending || isTrying}>
            Save
          </button>
          {rule.about === 'account' &&
            [7, 30].map((days) => (
              <button key={days} className="btn" value={days} disabled={isPending || isTrying}>
                Try on the last {days} days
              </button>
            ))}
        </div>
      </form>
    </details>
  );
}

function Scope({
  rule,
  vendors,
  scope,
}: {
  rule: RuleView;
  vendors: readonly string[];
  scope: Pick<TunedView, 'vendor' | 'accountId'> | null;
}) {
  if (scope !== null || rule.about !== 'account')
    return (
      <>
        <input type="hidden" name="vendor" value={scope?.vendor ?? ''} />
        <input type="hidden" name="accountId" value={scope?.accountId ?? ''} />
      </>
    );
  return (
    <div className="act-form__pair act-form__halves">
      <label>
        Vendor
        <select className="field" name="vendor" defaultValue="">
          <option value="">all</option>
          {vendors.map((vendor) => (
            <option key={vendor}>{vendor}</option>
          ))}
        </select>
      </label>
      <label>
        Or one account
        <input className="field" name="accountId" placeholder="act_1234567890" autoComplete="off" />
      </label>
    </div>
  );
}

/** What the setting would have told. */
function Tried({ backtest }: { backtest: BacktestView }) {
  const { days, accounts, firings, unjudged, byAccount } = backtest;
  const times = firings === 1 ? 'once' : firings === 0 ? 'not at all' : `${count(firings)} times`;
  return (
    <div className="rule__tried">
      <p>
        In the last {days} days it would have told <b>{times}</b>, of {count(accounts)}{' '}
        {accounts === 1 ? 'account' : 'accounts'}.
        {unjudged > 0 && ` Of ${count(unjudged)} nothing is stored for that time.`}
      </p>
      {byAccount.length > 0 && (
        <ul>
          {byAccount.map((one) => (
            <li key={one.accountId}>
              <b>{count(one.firings)}</b> {one.name ?? one.accountId}{' '}
              <span className="muted">{one.vendor}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
