import { scenarios, type SimulationView, speeds } from '../../contract/simulation.ts';
import { count } from '../kit/figures.ts';
import type { Answer } from '../kit/use-act.ts';
import { LocalTime } from '../live/instants.tsx';
import { ActButton } from './act-button.tsx';
import { ScenarioForm } from './scenario-form.tsx';

type Act = (form: FormData) => Promise<Answer>;

/** What can be tried on the simulated Meta, to see what ArbHub makes of it. */
export function Simulation(props: {
  view: SimulationView | null;
  now: number;
  actions: { run: Act; hurry: Act };
}) {
  const { view, now, actions } = props;
  if (view === null)
    return (
      <div className="empty">
        <h2>Nothing is simulated</h2>
        <p>
          With a connection to Meta and no simulation there is nothing to try here. A start without a token
          and without connections begins one.
        </p>
        <p className="btns">
          <a className="btn btn--primary" href="/admin">
            Go to connections
          </a>
        </p>
      </div>
    );
  const { speed, accounts, holding } = view;
  return (
    <>
      <p className="admin__sum">
        <b>{count(accounts)} simulated accounts</b>{' '}
        <span className="muted">
          What is tried here changes that world alone. ArbHub finds out by reading, as always.
        </span>
      </p>
      <section className="panel" aria-label="Still going on">
        <div className="panel__head">
          <h2>Still going on</h2>
        </div>
        {holding.length === 0 ? (
          <p className="panel__body muted">Nothing: the world is as it comes.</p>
        ) : (
          <ul>
            {holding.map(({ scenario, since, accounts: touched }) => (
              <li key={`${scenario} ${since}`} className="entry">
                <p>
                  <b>{titleOf(scenario)}</b>
                  {touched > 0 && (
                    <span className="muted">
                      {touched === 1 ? '1 account' : `${count(touched)} accounts`}
                    </span>
                  )}
                </p>
                <LocalTime at={since} now={now} />
              </li>
            ))}
          </ul>
        )}
      </section>
      <ul className="scenarios">
        {scenarios.map((scenario) => (
          <li key={scenario.kind} className="panel scenario">
            <h2>{scenario.title}</h2>
            <p className="muted">{scenario.does}</p>
            <ScenarioForm scenario={scenario} run={actions.run} />
          </li>
        ))}
      </ul>
      <section className="panel" aria-label="Speed">
        <div className="panel__head">
          <h2>Speed</h2>
        </div>
        <div className="panel__body">
          <p>
            Its time passes at <b>{speed}×</b>. Faster, its days run ahead of the calendar, and figures and
            alerts with them; at 1× it is back in the present.
          </p>
          <div className="btns">
            {speeds.map((one) => (
              <ActButton
                key={one}
                given={{ speed: String(one) }}
                act={actions.hurry}
                words={`${one}×`}
                label={`Speed ${one}`}
                done={`Its time passes at ${one}× now.`}
                isChosen={one === speed}
              />
            ))}
          </div>
        </div>
      </section>
    </>
  );
}

function titleOf(kind: string): string {
  return scenarios.find((one) => one.kind === kind)?.title ?? kind.replaceAll('_', ' ');
}
