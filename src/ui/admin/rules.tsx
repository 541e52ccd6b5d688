import type { RulesView } from '../../contract/rules.ts';
import { Rule } from './rule.tsx';
import type { RuleActions } from './rule-wish.ts';

const groups = [
  [
    'account',
    'About accounts',
    'An account’s own word comes before its vendor’s, that before the word for all.',
  ],
  ['connection', 'About connections', 'These are tuned for all connections together.'],
] as const;

/** Every kind of alert that can be tuned: what it does by itself, and what was said about it. */
export function Rules({ view, now, actions }: { view: RulesView; now: number; actions: RuleActions }) {
  const said = view.rules.reduce((sum, { tuned }) => sum + tuned.length, 0);
  return (
    <>
      <p className="admin__sum">
        <b>
          {said === 0 ? 'Nothing is tuned' : said === 1 ? '1 setting is tuned' : `${said} settings are tuned`}
        </b>{' '}
        <span className="muted">
          What is not tuned is as ArbHub comes. Changes count from the next judgement on.
        </span>
      </p>
      {groups.map(([about, title, words]) => (
        <section key={about} className="panel" aria-label={title}>
          <div className="panel__head">
            <h2>{title}</h2>
          </div>
          <p className="panel__body muted">{words}</p>
          <ul>
            {view.rules
              .filter((rule) => rule.about === about)
              .map((rule) => (
                <li key={rule.kind} className="rule">
                  <Rule {...{ rule, vendors: view.vendors, now, actions }} />
                </li>
              ))}
          </ul>
        </section>
      ))}
    </>
  );
}
