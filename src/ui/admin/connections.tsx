import type { ConnectionView } from '../../contract/admin.ts';
import { count } from '../kit/figures.ts';
import { ActForm } from './act-button.tsx';
import { Connection, type ConnectionActions } from './connection.tsx';

/** Every way into Meta, those in trouble first, and the form for another one. */
export function Connections(props: {
  connections: readonly ConnectionView[];
  now: number;
  actions: ConnectionActions;
}) {
  const { connections, actions } = props;
  const read = connections.reduce((sum, { monitored }) => sum + monitored, 0);
  const inTrouble = [...connections].sort((a, b) => Number(a.state === 'ok') - Number(b.state === 'ok'));
  return (
    <>
      <p className="admin__sum">
        <b>{count(read)} accounts read</b>{' '}
        <span className="muted">
          through {connections.length === 1 ? '1 connection' : `${count(connections.length)} connections`}
        </span>
      </p>
      <ActForm
        open="Add connection"
        words="Check and add"
        done="Added. Its accounts come with the next sweep."
        given={{}}
        act={actions.add}
      >
        <p>
          Use a system user’s token with <code>ads_read</code>: one per Business Manager. ArbHub asks Meta
          about it before it keeps it, sealed; it is never shown again.
        </p>
        <label>
          Name
          <input
            className="field"
            name="name"
            required
            maxLength={60}
            placeholder="Beta BM"
            autoComplete="off"
          />
        </label>
        <label>
          Access token
          <input
            className="field"
            name="token"
            type="password"
            required
            maxLength={4000}
            autoComplete="off"
          />
        </label>
        <label>
          Business Manager ids, if its own lists are to be read too
          <input
            className="field"
            name="businesses"
            maxLength={2000}
            inputMode="numeric"
            autoComplete="off"
          />
        </label>
      </ActForm>
      <ul className="conns">
        {inTrouble.map((connection) => (
          <li key={connection.id}>
            <Connection connection={connection} now={props.now} actions={actions} />
          </li>
        ))}
      </ul>
    </>
  );
}
