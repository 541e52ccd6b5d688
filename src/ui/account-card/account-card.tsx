'use client';

import { memo } from 'react';
import type { AccountCard as Card } from '../../contract/account-card.ts';
import { Icon } from '../kit/icon.tsx';
import { clockTime, knownZone, zoneName } from '../kit/times.ts';
import { Tick } from '../live/clock.tsx';
import type { Moment } from '../live/moment.ts';
import { CopyId } from './copy-id.tsx';
import { LivingBody } from './living-body.tsx';
import { isDead, lookOf, lookWords } from './look.ts';
import { Obituary } from './obituary.tsx';

interface CardProps {
  card: Card;
  isStale: boolean;
  /** Set where real and simulated accounts stand side by side. */
  isMarkedSimulated: boolean;
  /** Which of how many it is, where not all of them are drawn. */
  place?: number | null;
  size?: number | null;
}

/** The whole text of what the head has no room for. */
const cutOff = (text: string) => (text.length > 16 ? text : undefined);

/** One account. Its name starts with the id and ends with the state. */
export const AccountCard = memo(function AccountCard(props: CardProps) {
  const { card, isStale, isMarkedSimulated } = props;
  const look = lookOf(card);
  const zone = knownZone(card.timezone);
  const dead = isDead(look);
  const local = ({ now }: Moment) =>
    dead ? zoneName(now, zone) : `${clockTime(now, zone)} ${zoneName(now, zone)}`;
  const name = card.name ?? 'no name';
  return (
    <article
      className="card"
      tabIndex={-1}
      data-account={card.accountId}
      aria-posinset={props.place ?? undefined}
      aria-setsize={props.size ?? undefined}
      data-state={look}
      data-stale={isStale || look === 'lost' || undefined}
      aria-label={`${card.accountId} ${name}, ${card.vendor}, ${isStale ? 'stale, ' : ''}${lookWords[look]}`}
    >
      <header className="card__head">
        <CopyId id={card.accountId} />
        <span className="card__vendor" title={cutOff(card.vendor)}>
          {card.vendor}
        </span>
        <a className="card__name" href={`/accounts/${card.accountId}`} title={cutOff(name)}>
          {name}
        </a>
        <span className="card__zone">
          {isMarkedSimulated && card.isSimulated && (
            <>
              <Icon name="sim" />
              <span className="vh">simulated </span>
            </>
          )}
          {card.currency} · <Tick text={local} />
        </span>
      </header>
      {dead ? (
        <Obituary card={card} look={look} isStale={isStale} />
      ) : (
        <LivingBody card={card} look={look} isStale={isStale} />
      )}
    </article>
  );
});
