import type { AlertByLink } from '../../contract/alert-view.ts';
import { Icon } from '../kit/icon.tsx';
import { age, fullStamp } from '../kit/times.ts';
import type { ActAction } from './act-form.tsx';
import { ActBox } from './act-form.tsx';

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
        <section className="panel act" data-severity={alert?.severity}>
          <ActBox
            token={token}
            act={act}
            alert={alert === null ? null : <Words alert={alert} />}
            dead={<DeadLink />}
            channel={alert?.state === 'open' ? alert.channel : null}
          />
        </section>
      </div>
    </main>
  );
}

function DeadLink() {
  return (
    <>
      <h1>This link does not work any more</h1>
      <p>It has been used, or it is older than 7 days. Each link works once.</p>
      <p className="btns">
        <a className="btn btn--primary" href="/alerts">
          See all alerts
        </a>
      </p>
    </>
  );
}

const severityWords = { critical: 'Critical', warning: 'Warning', info: 'For information' } as const;

function Words({ alert }: { alert: AlertByLink }) {
  const { shortId, severity, state, title, text, fields, openedAt, now, acknowledgedBy } = alert;
  return (
    <>
      <p className="muted">
        {severityWords[severity]} · {shortId} ·{' '}
        <time dateTime={new Date(openedAt).toISOString()}>{fullStamp(openedAt, 'UTC')}</time>,{' '}
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
      {state !== 'open' && (
        <p>
          <b>
            {state === 'resolved' ? 'This alert is over.' : `${acknowledgedBy} has acknowledged it already.`}
          </b>{' '}
          There is nothing left to do here. <a href="/alerts">All alerts</a>
        </p>
      )}
    </>
  );
}
