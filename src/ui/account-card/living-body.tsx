import type { ReactNode } from 'react';
import type { AccountCard } from '../../contract/account-card.ts';
import { statusLabel, statusWords } from '../../domain/status.ts';
import { Icon } from '../kit/icon.tsx';
import { age, clockTime, knownZone, monthDay } from '../kit/times.ts';
import { Tick } from '../live/clock.tsx';
import type { Moment } from '../live/moment.ts';
import { ads, balanceDue, clickPrice, clicks, fundsLeft, limitTrend } from './card-figures.ts';
import { DeltaMark, Figure } from './figure.tsx';
import type { Look } from './look.ts';
import { lookWords } from './look.ts';
import { SpendLine } from './spend-line.tsx';

interface BodyProps {
  card: AccountCard;
  look: Look;
  isStale: boolean;
}

function reason(card: AccountCard, look: Look): string {
  if (look === 'lost') return 'permission lost';
  return card.statusCode === null ? 'not read yet' : statusWords(card.statusCode);
}

const figuresAge =
  ({ metricsAt }: AccountCard) =>
  ({ now }: Moment) =>
    metricsAt === null ? 'not read yet' : age(now - metricsAt);

function Band({ card, look }: { card: AccountCard; look: Look }) {
  return (
    <p className="band">
      <Icon name={look} />
      <b>{lookWords[look].toUpperCase()}</b>
      <span className="band__why">{reason(card, look)}</span>
      <span className="band__age">
        <Tick text={figuresAge(card)} />
      </span>
    </p>
  );
}

function Metric({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** Same six places on each card, so that the eye can run across. */
function Metrics({ card }: { card: AccountCard }) {
  const limit = limitTrend(card);
  const price = clickPrice(card);
  const running = ads(card);
  return (
    <dl className="metrics">
      <Metric name="Daily limit, 7 days">
        <Figure words={limit.words} />
        <DeltaMark delta={limit.delta} />
        {limit.note !== null && <span className="muted">{limit.note}</span>}
      </Metric>
      <Metric name="Active ads">
        <Figure words={running.words} />
        {running.total !== null && <span className="muted">/ {running.total}</span>}
      </Metric>
      <Metric name="CPC">
        <Figure words={price.words} />
        <DeltaMark delta={price.delta} />
      </Metric>
      <Metric name="Funds left">
        <Figure words={fundsLeft(card)} />
        {card.fundsEndAt !== null && (
          <span className="till">till {clockTime(card.fundsEndAt, knownZone(card.timezone))}</span>
        )}
      </Metric>
      <Metric name="Due">
        <Figure words={balanceDue(card)} />
      </Metric>
      <Metric name="Clicks out">
        <Figure words={clicks(card.outboundClicks)} />
      </Metric>
    </dl>
  );
}

function Foot({ card, look, isStale }: BodyProps) {
  const { metricsAt, stateSince } = card;
  const zone = knownZone(card.timezone);
  // Within a day the clock says it; a weekend in risk review needs its date.
  const since = ({ now }: Moment) =>
    stateSince === null
      ? ''
      : `since ${now - stateSince < 86_400_000 ? clockTime(stateSince, zone) : monthDay(stateSince, zone)}`;
  const updated = ({ now }: Moment) => {
    if (metricsAt === null) return 'Not read yet';
    const old = age(now - metricsAt);
    return look === 'lost' ? `Figures ${old} old` : isStale ? `${old} old` : `Updated ${old} ago`;
  };
  return (
    <footer className="card__foot">
      <Icon name={look} />
      <b>{look === 'lost' ? 'ACCESS LOST' : statusLabel(card.statusCode)}</b>
      {look === 'active' ? (
        isStale && <span>not read since</span>
      ) : (
        <span>
          <Tick text={since} />
        </span>
      )}
      <span className="card__age">
        {(isStale || look === 'lost') && <Icon name="stale" />}
        <Tick text={updated} />
      </span>
    </footer>
  );
}

/** Everything below the head of an account that is not dead. */
export function LivingBody(props: BodyProps) {
  return (
    <>
      {props.look !== 'active' && <Band card={props.card} look={props.look} />}
      <SpendLine {...props} />
      <Metrics card={props.card} />
      <Foot {...props} />
    </>
  );
}
