import type { SilenceView } from '../../contract/alert-view.ts';
import { LocalTime } from '../live/instants.tsx';
import type { AlertActions } from './alert-acts.tsx';
import { EndSilence } from './end-silence.tsx';

/** The silences in force: what is kept quiet, by whom, why and until when. */
export function Silences(props: {
  silences: readonly SilenceView[];
  now: number;
  endSilence: AlertActions['endSilence'];
}) {
  return (
    <section className="panel" aria-labelledby="silences">
      <h2 className="list-head" id="silences">
        {props.silences.length === 1 ? '1 silence' : `${props.silences.length} silences`} in force
      </h2>
      <ul>
        {props.silences.map(({ id, scope, author, reason, endsAt, canEnd }) => (
          <li key={id} className="entry">
            <p>
              <b>{scope}</b>
              <span className="muted">
                {author}: “{reason}”, till <LocalTime at={endsAt} now={props.now} />
              </span>
            </p>
            {canEnd && <EndSilence id={id} scope={scope} endSilence={props.endSilence} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
