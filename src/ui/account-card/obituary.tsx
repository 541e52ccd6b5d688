import type { AccountCard } from '../../contract/account-card.ts';
import { deriveProgressPercent } from '../../domain/pace.ts';
import { disableReasonWords, statusWords } from '../../domain/status.ts';
import { money, percent } from '../kit/figures.ts';
import { Icon } from '../kit/icon.tsx';
import { age, fullStamp, knownZone, monthDay, stamp } from '../kit/times.ts';
import { useHands } from '../kit/toasts.tsx';
import { Tick } from '../live/clock.tsx';
import type { Moment } from '../live/moment.ts';
import { seenAt } from '../live/moment.ts';
import type { Words } from './card-figures.ts';
import { clicks, fundsLeft } from './card-figures.ts';
import { Figure } from './figure.tsx';
import type { Look } from './look.ts';
import { vendorReport } from './vendor-report.ts';

function headline(card: AccountCard, look: Look): string {
  const word = look.toUpperCase();
  if (card.stateSince === null) return word;
  const zone = knownZone(card.timezone);
  return look === 'closing'
    ? `${word} – since ${monthDay(card.stateSince, zone)}`
    : `${word} – ${stamp(card.stateSince, zone)}`;
}

function why(card: AccountCard, look: Look): string {
  const told = disableReasonWords(card.disableReason);
  const cause =
    look === 'suspended'
      ? (told ?? 'no reason given')
      : `${statusWords(card.statusCode)} (${card.statusCode ?? '—'})`;
  const source = { meta: 'Meta’s log', detected: 'our detection' };
  return [cause, card.stateSinceSource && source[card.stateSinceSource]].filter(Boolean).join(' · ');
}

function finalSpend(card: AccountCard): string {
  const spent = card.spendMinor === null ? '— not known' : money(card.spendMinor, card.currency);
  const limit =
    card.dailyLimitSource === 'unlimited'
      ? 'no limit'
      : card.dailyLimitMinor === null
        ? '— limit unknown'
        : money(card.dailyLimitMinor, card.currency);
  return `${spent} / ${limit}`;
}

/** A dead account has room for the exact figure. */
function inFull(words: Words): Words {
  if (words.kind !== 'figure' || words.figure.exact === null) return words;
  return { kind: 'figure', figure: { text: words.figure.exact, exact: null } };
}

/** Everything below the head of a suspended, closing or closed account: what happened, what is left, and whom to tell. */
export function Obituary({ card, look, isStale }: { card: AccountCard; look: Look; isStale: boolean }) {
  const { copy } = useHands();
  const { stateSince } = card;
  const progress = deriveProgressPercent(card.spendMinor, {
    minor: card.dailyLimitMinor,
    source: card.dailyLimitSource,
  });
  const checked = (moment: Moment) => {
    const seen = seenAt(card, moment);
    return seen === null ? 'Not read yet' : `Checked ${age(moment.now - seen)} ago`;
  };
  const share = () => void copy(vendorReport(card), 'Suspension report copied - paste to vendor', 3000);
  return (
    <>
      <p
        className="obit__head"
        title={stateSince === null ? undefined : fullStamp(stateSince, knownZone(card.timezone))}
        suppressHydrationWarning
      >
        <Icon name={look as 'suspended' | 'closing' | 'closed'} />
        {headline(card, look)}
      </p>
      <p className="obit__why">
        <b>
          {stateSince === null ? (
            'time not known'
          ) : (
            <Tick text={({ now }) => `${age(now - stateSince)} ago`} />
          )}
        </b>
        {` · ${why(card, look)}`}
      </p>
      <dl className="obit">
        <div className="wide">
          <dt>Final spend of daily limit</dt>
          <dd>
            {finalSpend(card)} {progress !== null && <small>({percent(progress)})</small>}
          </dd>
        </div>
        <div>
          <dt>Lifetime clicks</dt>
          <dd>
            <Figure words={clicks(card.lifetimeClicks)} />
          </dd>
        </div>
        <div>
          <dt>Funds left</dt>
          <dd>
            <Figure words={inFull(fundsLeft(card))} />
          </dd>
        </div>
      </dl>
      <footer className="card__foot">
        <button type="button" className="btn" onClick={share}>
          <Icon name="share" />
          Share with Vendor
        </button>
        <span className="card__age">
          {isStale && <Icon name="stale" />}
          <Tick text={checked} />
        </span>
      </footer>
    </>
  );
}
