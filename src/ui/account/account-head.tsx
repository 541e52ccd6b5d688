'use client';

import type { AccountPageView } from '../../contract/account-page.ts';
import { disableReasonWords } from '../../domain/status.ts';
import { CopyId } from '../account-card/copy-id.tsx';
import { isDead, isStale, type Look, lookOf, lookWords } from '../account-card/look.ts';
import { vendorReport } from '../account-card/vendor-report.ts';
import { Icon } from '../kit/icon.tsx';
import { age, clockTime, fullStamp, knownZone, stamp, zoneName } from '../kit/times.ts';
import { useHands } from '../kit/toasts.tsx';
import { Tick, useClock, useMoment } from '../live/clock.tsx';
import type { Moment } from '../live/moment.ts';
import { seenAt } from '../live/moment.ts';
import { type WordActions, AccountWords } from './account-words.tsx';
import { stateWords } from './state-words.ts';

interface HeadProps {
  view: AccountPageView;
  actions: WordActions;
}

/** Which account this is, how it stands and since when, and what can be done about it. */
export function AccountHead({ view, actions }: HeadProps) {
  const { card, openAlert } = view;
  const look = lookOf(card);
  const isArchived = card.state === 'archived';
  const alertAct = openAlert?.isAcknowledged || !view.canWrite ? 'See the alert' : 'Acknowledge';
  const { copy } = useHands();
  const zone = knownZone(card.timezone);
  const share = () => void copy(vendorReport(card), 'Suspension report copied - paste to vendor', 3000);
  const local = ({ now }: Moment) => `${clockTime(now, zone)} ${zoneName(now, zone)}`;
  return (
    <>
      <div className="acct-head">
        <div>
          <p className="acct-head__back">
            <a href="/dashboard">Board</a>
          </p>
          <h1>
            {card.name ?? 'no name'}{' '}
            <span className="acct-tag" data-state={look}>
              <Icon name={look} />
              {(isArchived ? 'archived' : lookWords[look]).toUpperCase()}
            </span>
          </h1>
          <p className="acct-head__facts">
            <CopyId id={card.accountId} />
            <span>{card.vendor}</span>
            <span>connection “{card.connection}”</span>
            {card.isSimulated && (
              <span>
                <Icon name="sim" /> simulated
              </span>
            )}
            <span>{card.currency}</span>
            <span>
              {card.timezone}, now <Tick text={local} />
            </span>
          </p>
          <p className="acct-head__facts">
            <Since view={view} look={look} zone={zone} />
          </p>
        </div>
        <p className="acct-head__acts btns">
          {isDead(look) && !isArchived && (
            <button type="button" className="btn btn--primary" onClick={share}>
              <Icon name="share" />
              Share with Vendor
            </button>
          )}
          {openAlert !== null && (
            <a
              className="btn"
              href={`/alerts?state=all&alert=${openAlert.id}`}
              aria-label={`${alertAct}: ${openAlert.title}`}
            >
              {alertAct}
            </a>
          )}
        </p>
      </div>
      <AccountWords accountId={card.accountId} tags={card.tags} canWrite={view.canWrite} actions={actions} />
      <Notices view={view} zone={zone} />
    </>
  );
}

const sources = { meta: 'time from Meta’s log', detected: 'time of our detection' } as const;

function Since({ view, look, zone }: { view: AccountPageView; look: Look; zone: string }) {
  const { card } = view;
  const { stateSince, stateSinceSource } = card;
  const words = stateWords({ state: card.state, code: card.statusCode });
  const capital = words.charAt(0).toUpperCase() + words.slice(1);
  const reason = disableReasonWords(card.disableReason);
  const checked = (moment: Moment) => {
    const seen = seenAt(card, moment);
    return seen === null ? 'not read yet' : `checked ${age(moment.now - seen)} ago`;
  };
  const figures = ({ now }: Moment) =>
    card.metricsAt === null ? 'figures not read yet' : `figures ${age(now - card.metricsAt)} old`;
  return (
    <>
      <b suppressHydrationWarning title={stateSince === null ? undefined : fullStamp(stateSince, zone)}>
        {capital}
        {stateSince === null ? (
          ', since when is not known'
        ) : (
          <>
            {isDead(look) ? ' ' : ' since '}
            {stamp(stateSince, zone)} {zoneName(stateSince, zone)},{' '}
            <Tick
              text={({ now }) =>
                isDead(look) ? `${age(now - stateSince)} ago` : `for ${age(now - stateSince)}`
              }
            />
          </>
        )}
      </b>
      {stateSinceSource !== null && <span>{sources[stateSinceSource]}</span>}
      {isDead(look) && (
        <span>{reason === null ? 'Meta gives no reason' : `reason: ${reason} (${card.disableReason})`}</span>
      )}
      <span>
        <Tick text={checked} />
      </span>
      <span>
        <Tick text={figures} />
      </span>
    </>
  );
}

/** What makes the figures below less than they seem. */
function Notices({ view, zone }: { view: AccountPageView; zone: string }) {
  const { card, archivedAt } = view;
  const stale = useMoment((moment) => isStale(card, moment, view), useClock());
  const oldest = (moment: Moment) => {
    const seen = seenAt(card, moment) ?? moment.now;
    return age(moment.now - Math.min(seen, isDead(lookOf(card)) ? seen : (card.metricsAt ?? seen)));
  };
  if (archivedAt !== null)
    return (
      <div className="notice" data-tone="blind">
        <Icon name="closed" />
        <p>
          <b>Archived {stamp(archivedAt, zone)}.</b> It is no longer read and no longer on the board; what is
          known of it stays here.
        </p>
      </div>
    );
  if (card.observedAt === null)
    return (
      <div className="notice" data-tone="blind">
        <Icon name="unknown" />
        <p>
          <b>This account has not been read yet.</b> Its figures come with the next reading.
        </p>
      </div>
    );
  if (!stale) return null;
  return (
    <div className="notice" data-tone="watch">
      <Icon name="stale" />
      <p>
        <b>
          Not read for <Tick text={oldest} />.
        </b>{' '}
        The figures are old; they stay here with their age.
      </p>
    </div>
  );
}
