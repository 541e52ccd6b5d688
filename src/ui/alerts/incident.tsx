import type { ReactNode } from 'react';
import type { AlertView } from '../../contract/alert-view.ts';
import { money } from '../kit/figures.ts';
import { Icon } from '../kit/icon.tsx';
import { LocalTime } from '../live/instants.tsx';
import { AlertNotes, Lasting, NextStep } from './alert-notes.tsx';
import { lookOfAlert } from './alert-look.ts';
import { SentMarks } from './sent-marks.tsx';

/** One message for a wave of accounts: what it costs, whom it hit, who was told, what to do. */
export function Incident(props: { alert: AlertView; href: string; now: number; acts: ReactNode }) {
  const { alert, now } = props;
  const { icon, tone } = lookOfAlert(alert);
  const title = `incident-${alert.id}`;
  return (
    <section className="incident" data-tone={tone} aria-labelledby={title}>
      <header className="incident__head">
        <Icon name={icon} />
        <h2 id={title}>
          <a href={props.href} data-soft>
            {alert.title}
          </a>
        </h2>
        <span className="end">
          <LocalTime at={alert.openedAt} now={now} /> · <Lasting alert={alert} />
        </span>
      </header>
      <div className="incident__body">
        {alert.fundsLeft !== null && (
          <div>
            <h3>Funds left in the dead accounts</h3>
            <p className="big">
              {alert.fundsLeft.byCurrency.length === 0
                ? 'None known'
                : alert.fundsLeft.byCurrency.map(({ currency, minor }) => (
                    <span key={currency}>{money(minor, currency)}</span>
                  ))}
            </p>
            {alert.fundsLeft.unread > 0 && (
              <p className="muted">
                {alert.fundsLeft.unread === 1 ? '1 account' : `${alert.fundsLeft.unread} accounts`}: funds not
                readable
              </p>
            )}
          </div>
        )}
        {alert.vendors.map((share) => (
          <Tally key={share.vendor} {...share} />
        ))}
      </div>
      <p className="incident__life">
        <SentMarks alert={alert} />
        <AlertNotes alert={alert} now={now} />
        <span className="muted">
          Nobody has acknowledged
          {alert.nextStepAt !== null && (
            <>
              ; <NextStep alert={alert} />
            </>
          )}
        </span>
      </p>
      <div className="incident__acts">{props.acts}</div>
    </section>
  );
}

const mostMarks = 60;

/** One mark per account of the vendor: a cross for each that is down, a circle for each that is not. */
function Tally({ vendor, down, accounts }: AlertView['vendors'][number]) {
  const all = Math.max(accounts, down);
  const words = `${vendor}: ${down} down of ${all}`;
  return (
    <div>
      <h3>{words}</h3>
      {all <= mostMarks && (
        <span className="tally" aria-hidden="true">
          {Array.from({ length: all }, (_, place) => (
            <span key={place} className={place < down ? 'dead' : undefined}>
              <Icon name={place < down ? 'suspended' : 'active'} />
            </span>
          ))}
        </span>
      )}
    </div>
  );
}
