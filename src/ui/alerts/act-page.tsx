import type { AlertByLink } from '../../contract/alert-view.ts';
import { Icon } from '../kit/icon.tsx';
import { age, fullStamp } from '../kit/times.ts';
import type { ActAction } from './act-form.tsx';
import { ActForm } from './act-form.tsx';

interface ActProps {
  /** Null for a link that was used, has run out or never was. */
  alert: AlertByLink | null;
  token: string;
  act: ActAction;
}

/** Where the link of a message leads: the alert in its own words, and what can be done without signing in. */
export function ActPage({ alert, token, act }: ActProps) {
  return (
    <main className="login" id="main">
      <div className="login__box login__box--wide">
        <p className="brand">
          <Icon name="brand" />
          ArbHub
        </p>
        {alert === null ? <DeadLink /> : <Living alert={alert} token={token} act={act} />}
      </div>
    </main>
  );
}

function DeadLink() {
  return (
    <section className="panel act">
      <h1>This link does not work any more</h1>
      <p>It has been used, or it is older than 7 days. Each link works once.</p>
      <p className="btns">
        <a className="btn btn--primary" href="/alerts">
          See all alerts
        </a>
      </p>
    </section>
  );
}

function Living({ alert, token, act }: ActProps & { alert: AlertByLink }) {
  const { shortId, severity, state, title, text, fields, openedAt, now, acknowledgedBy } = alert;
  return (
    <section className="panel act" data-severity={severity}>
      <p className="muted">
        {severity === 'critical' ? 'Critical' : severity === 'warning' ? 'Warning' : 'For information'} ·{' '}
        {shortId} · <time dateTime={new Date(openedAt).toISOString()}>{fullStamp(openedAt, 'UTC')}</time>,{' '}
        {age(now - openedAt)} ago
      </p>
      <h1>{title}</h1>
      <p>{text}</p>
      {fields.length > 0 && (
        <dl className="facts-list">
          {fields.map(({ label, value }, place) => (
            <div key={place}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {state === 'open' ? (
        <ActForm token={token} channel={alert.channel} act={act} />
      ) : (
        <>
          <p>
            <b>
              {state === 'resolved'
                ? 'This alert is over.'
                : `${acknowledgedBy} has acknowledged it already.`}
            </b>{' '}
            There is nothing left to do here.
          </p>
          <p>
            <a href="/alerts">All alerts</a>
          </p>
        </>
      )}
    </section>
  );
}
