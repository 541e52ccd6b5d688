import type { ConnectionView, TokenView } from '../../contract/admin.ts';
import { Icon } from '../kit/icon.tsx';
import { count } from '../kit/figures.ts';
import type { Answer } from '../kit/use-act.ts';
import { LocalTime } from '../live/instants.tsx';
import { ActButton, ActForm } from './act-button.tsx';

/** The server actions of the page. */
export type ConnectionActions = Record<
  'add' | 'test' | 'pause' | 'resume' | 'replace' | 'remove',
  (form: FormData) => Promise<Answer>
>;

const soonMs = 14 * 86_400_000;

const stateWords: Record<ConnectionView['state'], string> = {
  ok: 'Reads',
  paused: 'Paused by an admin',
  token_dead: 'Meta refuses its token',
  stopped: 'Stopped',
};

/** One way into Meta: what it reaches, how long its token lives, and what can be done with it. */
export function Connection(props: { connection: ConnectionView; now: number; actions: ConnectionActions }) {
  const { connection, now, actions } = props;
  const { name, kind, state, stateReason, retryAt, businessIds, found, readable, monitored, token } =
    connection;
  const tone =
    state === 'ok' ? (endsSoon(token, now) ? 'watch' : 'ok') : state === 'paused' ? 'watch' : 'bad';
  const given = { name };
  return (
    <section className="panel conn" data-tone={tone} aria-label={`Connection ${name}`}>
      <div>
        <h2>{name}</h2>
        <p className="muted">{kind === 'simulation' ? 'Simulated Meta' : 'Meta'}</p>
        {businessIds.map((id) => (
          <p key={id} className="muted">
            Business Manager {id}
          </p>
        ))}
      </div>
      <dl className="facts-list">
        <div>
          <dt>State</dt>
          <dd>
            <Icon name={state === 'ok' ? 'active' : state === 'paused' ? 'stopped' : 'warning'} />
            {stateWords[state]}
          </dd>
        </div>
        <div>
          <dt>Coverage</dt>
          <dd>
            {count(readable)} of {count(found)} readable
            <span className="muted">{count(monitored)} read through it</span>
          </dd>
        </div>
        {token !== null && (
          <div>
            <dt>Token</dt>
            <dd>
              <Expiry token={token} now={now} />
              {token.checkedAt !== null && (
                <span className="muted">
                  checked <LocalTime at={token.checkedAt} now={now} />
                </span>
              )}
            </dd>
          </div>
        )}
      </dl>
      {(stateReason !== null || token?.renewalFailed != null) && (
        <p className="conn__note" role="note">
          <Icon name="warning" />
          <span>
            {stateReason ?? `Renewing the token failed: ${token?.renewalFailed ?? ''}`}
            {state === 'stopped' && retryAt !== null && (
              <>
                {' '}
                It is tried again at <LocalTime at={retryAt} now={now} />.
              </>
            )}
          </span>
        </p>
      )}
      <div className="conn__acts">
        {kind === 'meta' && (
          <ActButton given={given} act={actions.test} done="" words="Test" label={`Test ${name}`} />
        )}
        {state === 'paused' || state === 'stopped' ? (
          <ActButton
            {...{ given, act: actions.resume, words: 'Resume', label: `Resume ${name}` }}
            done="It reads again from the next cycle on."
          />
        ) : (
          <ActButton
            {...{ given, act: actions.pause, words: 'Pause', label: `Pause ${name}` }}
            done="Paused. Its accounts stay on the board."
          />
        )}
        {kind === 'meta' && (
          <>
            <ActForm
              {...{
                given,
                act: actions.replace,
                open: 'Replace token',
                label: `Replace token of ${name}`,
              }}
              words="Check and replace"
              done="Replaced. It reads with the new token from the next cycle on."
            >
              <label>
                New access token
                <input
                  className="field"
                  name="token"
                  type="password"
                  required
                  maxLength={4000}
                  autoComplete="off"
                />
              </label>
            </ActForm>
            <ActForm
              {...{ given, act: actions.remove, open: 'Remove', label: `Remove ${name}` }}
              words="Remove connection"
              done="Removed."
              isGrave
            >
              <p>
                Its token is deleted. Accounts that no other connection can read are archived; what is known
                of them stays, and they come back when a connection finds them again.
              </p>
              <label>
                Type “{name}” to confirm
                <input className="field" name="confirmed" required autoComplete="off" />
              </label>
            </ActForm>
          </>
        )}
      </div>
    </section>
  );
}

/** The earlier of both ends; Infinity = never, null = not known. */
function endOf({ expiresAt, dataAccessExpiresAt }: TokenView): number | null {
  const known = [expiresAt, dataAccessExpiresAt].filter((at) => at !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function endsSoon(token: TokenView | null, now: number): boolean {
  const end = token === null ? null : endOf(token);
  return end !== null && end - now < soonMs;
}

function Expiry({ token, now }: { token: TokenView; now: number }) {
  const end = endOf(token);
  if (end === null) return 'Not looked at yet';
  if (end === Infinity) return 'Never expires';
  return (
    <>
      {end <= now ? 'Expired' : 'Expires'} <LocalTime at={end} now={now} />
    </>
  );
}
