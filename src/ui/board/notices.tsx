import type { AccountCard } from '../../contract/account-card.ts';
import { lookOf } from '../account-card/look.ts';
import { Icon } from '../kit/icon.tsx';
import { age, clockTime } from '../kit/times.ts';
import { Tick } from '../live/clock.tsx';
import type { Moment } from '../live/moment.ts';
import { seenAt } from '../live/moment.ts';
import type { LinkState } from '../live/use-live-line.ts';

/** The line is lost: nothing on the screen may pretend to be live. */
export function OfflineNotice(props: { what: 'board' | 'state'; link: LinkState; asOf: number }) {
  const { what, link, asOf } = props;
  return (
    <div className="notice" data-tone="blind">
      <Icon name="offline" />
      <p>
        <b>
          {link.state === 'offline' ? 'Offline. ' : 'The connection is lost. '}
          This is the {what} of {clockTime(asOf, null)}, <Tick text={({ now }) => `${age(now - asOf)} ago`} />
          .
        </b>{' '}
        It catches up by itself as soon as the connection is back.
      </p>
    </div>
  );
}

function oldest(cards: readonly AccountCard[], moment: Moment): number {
  const ages = cards.map((card) => {
    const read = lookOf(card) === 'active' ? card.metricsAt : null;
    return moment.now - Math.min(read ?? moment.now, seenAt(card, moment) ?? moment.now);
  });
  return Math.max(...ages);
}

/** How many figures are too old to act on, and for how long. */
export function StaleNotice({ stale, accounts }: { stale: readonly AccountCard[]; accounts: number }) {
  return (
    <div className="notice" data-tone="watch">
      <Icon name="stale" />
      <p>
        <b>
          {stale.length} of {accounts} accounts {stale.length === 1 ? 'has' : 'have'} not been read for{' '}
          <Tick text={(moment) => age(oldest(stale, moment))} />.
        </b>{' '}
        Their figures are old; they stay on the board with their age.
      </p>
    </div>
  );
}
