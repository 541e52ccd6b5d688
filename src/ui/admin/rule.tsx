'use client';

import type { RuleView, TunedView } from '../../contract/rules.ts';
import { alertTitle } from '../../domain/alert-words.ts';
import { LocalTime } from '../live/instants.tsx';
import { ActButton } from './act-button.tsx';
import { RuleForm } from './rule-form.tsx';
import { formOfSaid, nothing, type RuleActions, valueWords } from './rule-wish.ts';

/** One kind of alert: what it does by itself, each word about it, and the forms for another word. */
export function Rule(props: {
  rule: RuleView;
  vendors: readonly string[];
  now: number;
  actions: RuleActions;
}) {
  const { rule, vendors, now, actions } = props;
  const { kind, severity, thresholds, tuned } = rule;
  return (
    <>
      <div className="rule__head">
        <h3>{alertTitle(kind)}</h3>
        <p className="muted">
          {severity}
          {thresholds.map(({ name, means, value, unit }) => (
            <span key={name} className="rule__threshold">
              {means}: {valueWords(value, unit)}
            </span>
          ))}
        </p>
      </div>
      <div className="rule__acts">
        <RuleForm
          {...{ rule, vendors, actions, said: nothing, scope: null }}
          open={tuned.length === 0 ? 'Tune' : 'Tune more'}
          label={`Tune ${alertTitle(kind)}`}
        />
      </div>
      {tuned.length > 0 && (
        <ul className="rule__tuned">
          {tuned.map((said) => {
            const scope = scopeWords(said);
            const clear = formOfSaid(rule, said, nothing);
            return (
              <li key={scope} className="rule__said">
                <p>
                  <b>{scope}</b> {saidWords(rule, said)}
                  <span className="muted">
                    by {said.by}, <LocalTime at={said.at} now={now} />
                  </span>
                </p>
                <div className="rule__acts">
                  <RuleForm
                    key={said.at}
                    {...{ rule, vendors, actions, said, scope: said, open: 'Edit' }}
                    label={`Edit ${alertTitle(kind)} for ${scope}`}
                  />
                  <ActButton
                    {...{ given: {}, act: () => actions.set(clear), words: 'Reset' }}
                    label={`Reset ${alertTitle(kind)} for ${scope}`}
                    done="Back to how ArbHub comes."
                    undo={() => {
                      const before = formOfSaid(rule, said, said);
                      return () => actions.set(before);
                    }}
                  />
                </div>
              </li>
            );
          })}
        </ul>
      )}
    </>
  );
}

function scopeWords({ vendor, accountId }: Pick<TunedView, 'vendor' | 'accountId'>): string {
  return accountId ?? vendor ?? 'All accounts';
}

function saidWords({ thresholds }: RuleView, { isOn, severity, thresholds: said }: TunedView): string {
  const parts = thresholds.flatMap(({ name, means, unit }) => {
    const value = said[name];
    return value === undefined ? [] : [`${means}: ${valueWords(value, unit)}`];
  });
  const state = isOn === null ? [] : [isOn ? 'on' : 'off'];
  return [...state, ...(severity === null ? [] : [severity]), ...parts].join(' · ');
}
