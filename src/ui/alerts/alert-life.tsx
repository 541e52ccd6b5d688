import type { ReactNode } from 'react';
import type { AlertView, DeliveryView } from '../../contract/alert-view.ts';
import type { IconName } from '../kit/icon.tsx';
import { Icon } from '../kit/icon.tsx';
import { LocalTime, Until } from '../live/instants.tsx';
import { Lasting, NextStep } from './alert-notes.tsx';
import { isAboutDown, lookOfAlert, titleOf } from './alert-look.ts';
import { type Fate, fateOf, purposeWords, tookWords } from './delivery-words.ts';
import { FocusHeading } from './focus-heading.tsx';
import { fateIcons } from './sent-marks.tsx';

/** The life of one alert: opened, told to whom, taken, ended; what is still to come; and what one can do. */
export function AlertLife(props: { alert: AlertView; now: number; acts: ReactNode; back: string }) {
  const { alert, now } = props;
  const look = lookOfAlert(alert);
  return (
    <section className="panel one" aria-label={`Life of ${titleOf(alert)}`}>
      <p className="one__back">
        <a href={props.back} data-soft>
          All alerts
        </a>
      </p>
      <header className="panel__head" data-tone={look.tone}>
        <Icon name={look.icon} />
        <FocusHeading id="one-title" of={alert.id}>
          {titleOf(alert)}
        </FocusHeading>
        <span className="muted">{alert.shortId}</span>
      </header>
      <div className="panel__body">
        <p>{alert.text}</p>
        {alert.fields.length > 0 && (
          <dl className="facts-list">
            {alert.fields.map(({ label, value }, place) => (
              <div key={place}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {alert.digestDay !== null && (
          <p>
            <a href={`/alerts/digest/${alert.digestDay}`}>Open this digest</a>
          </p>
        )}
      </div>
      {props.acts !== null && <div className="panel__body">{props.acts}</div>}
      <ol className="life">
        <Step icon="check" isDone at={alert.openedAt} now={now} note={<Lasting alert={alert} />}>
          <b>Opened</b>
        </Step>
        {whyQuiet(alert) !== null && (
          <Step icon="stopped">
            <b>Not told</b>: {whyQuiet(alert)}
          </Step>
        )}
        {timeline(alert).map((entry, place) =>
          entry.delivery === null ? (
            <Step
              key="acknowledged"
              icon="check"
              isDone
              at={alert.acknowledgedAt ?? 0}
              now={now}
              note={`“${alert.acknowledgedReason}”`}
            >
              <b>Acknowledged</b> by {alert.acknowledgedBy}
            </Step>
          ) : (
            <DeliveryStep key={place} delivery={entry.delivery} now={now} />
          ),
        )}
        {alert.state === 'open' && (
          <Step
            icon="bell"
            note={
              alert.snoozedUntil !== null && alert.snoozedUntil > now ? (
                <>
                  snoozed till <LocalTime at={alert.snoozedUntil} now={now} />
                </>
              ) : (
                <NextStep alert={alert} />
              )
            }
          >
            Acknowledge: nobody yet
          </Step>
        )}
        {alert.resolvedAt === null ? (
          <Step icon="closed" note="everybody who got the alert is told">
            {isAboutDown(alert)
              ? 'Resolve: by itself, when it works again'
              : 'Resolve: by itself, when it is over'}
          </Step>
        ) : (
          alert.resolvedAt !== alert.openedAt && (
            <Step icon="check" isDone at={alert.resolvedAt} now={now}>
              <b>Resolved</b>
            </Step>
          )
        )}
      </ol>
      {alert.accounts.length > 0 && <Accounts alert={alert} />}
    </section>
  );
}

/** Why an alert was kept from people, or null when it was not. */
function whyQuiet({ silence, mutedBy, isFlapping }: AlertView): ReactNode {
  if (silence !== null) return `silenced by ${silence.author}, “${silence.reason}”`;
  if (mutedBy !== null)
    return (
      <>
        follows from <a href={`/alerts?state=all&alert=${mutedBy.id}`}>{mutedBy.title}</a>
      </>
    );
  return isFlapping ? 'it goes back and forth, and was told once' : null;
}

const fateOrder: readonly Fate[] = ['ok', 'dead', 'waits', 'retry', 'going'];

/** The acknowledgement and the deliveries by their steps; within a step, what arrived, what was given up, what is still tried. */
function timeline({ deliveries, acknowledgedAt }: AlertView) {
  const entries: { at: number; place: number; delivery: DeliveryView | null }[] = deliveries
    .toSorted((one, other) => (one.sentAt ?? 0) - (other.sentAt ?? 0))
    .map((delivery) => ({ at: delivery.createdAt, place: fateOrder.indexOf(fateOf(delivery)), delivery }));
  if (acknowledgedAt !== null) entries.push({ at: acknowledgedAt, place: -1, delivery: null });
  return entries.sort((one, other) => one.at - other.at || one.place - other.place);
}

function DeliveryStep({ delivery, now }: { delivery: DeliveryView; now: number }) {
  const { channel, purpose, attempts, dueAt, lastError, state, sentAt } = delivery;
  const fate = fateOf(delivery);
  const tries = attempts === 1 ? '1 try' : `${attempts} tries`;
  const whom = (
    <>
      {' '}
      <b>{channel}</b>
    </>
  );
  switch (fate) {
    case 'ok':
      return (
        <Step
          icon={fateIcons[fate]}
          isDone
          at={sentAt ?? 0}
          now={now}
          note={`${tries}, accepted after ${tookWords(delivery)}`}
        >
          {purposeWords(purpose)}
          {whom}
        </Step>
      );
    case 'dead':
      return (
        <Step
          icon={fateIcons[fate]}
          tone="dead"
          note={`${tries}, then given up${lastError === null ? '' : `: ${lastError}`}`}
        >
          <b>Not reached</b>: {channel}
        </Step>
      );
    case 'retry':
      return (
        <Step
          icon={fateIcons[fate]}
          tone="retry"
          note={`${tries} so far${lastError === null ? '' : `, last answer: ${lastError}`}`}
        >
          Trying{whom}, again <Until at={dueAt} />
        </Step>
      );
    case 'waits':
      return (
        <Step icon={fateIcons[fate]} note={state === 'digested' ? 'told in its digest' : 'quiet hours'}>
          Kept for{whom}
        </Step>
      );
    case 'going':
      return <Step icon={fateIcons[fate]}>On its way to{whom}</Step>;
  }
}

interface StepProps {
  icon: IconName;
  isDone?: boolean;
  tone?: 'dead' | 'retry';
  at?: number;
  now?: number;
  note?: ReactNode;
  children: ReactNode;
}

function Step({ icon, isDone = false, tone, at, now, note, children }: StepProps) {
  return (
    <li
      data-done={isDone || undefined}
      data-todo={(!isDone && tone === undefined) || undefined}
      data-tone={tone}
    >
      <Icon name={icon} />
      <span>{children}</span>
      <span className="life__time">{at !== undefined && <LocalTime at={at} now={now ?? at} />}</span>
      {note !== undefined && note !== null && <span className="muted">{note}</span>}
    </li>
  );
}

function Accounts({ alert }: { alert: AlertView }) {
  const more = alert.accountCount - alert.accounts.length;
  return (
    <div className="panel__body">
      <h3 className="one__sub">{alert.accountCount === 1 ? 'Account' : `${alert.accountCount} accounts`}</h3>
      <ul className="named">
        {alert.accounts.map(({ accountId, name, vendor, state }) => (
          <li key={accountId}>
            <a href={`/dashboard?q=${accountId}`}>{name ?? accountId}</a>
            <span className="muted">
              …{accountId.slice(-4)} · {vendor} · {state.replace('_', ' ')}
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p className="muted">and {more} more</p>}
    </div>
  );
}
