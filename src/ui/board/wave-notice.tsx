import type { AccountCard } from '../../contract/account-card.ts';
import { Icon } from '../kit/icon.tsx';
import { useClock, useMoment } from '../live/clock.tsx';
import { countVendors } from './vendors.ts';

const hourMs = 3_600_000;
/** From so many suspensions within an hour on it is a wave and said once, above the cards that show each of them. */
const fromSize = 10;
const namedVendors = 3;

/** Many suspensions at once, in one calm sentence: how many, whose, and where it is dealt with. */
export function WaveNotice({ cards }: { cards: readonly AccountCard[] }) {
  const suspended = cards.filter((card) => card.state === 'suspended' && card.stateSince !== null);
  const isRecent = (card: AccountCard, now: number) => now - (card.stateSince ?? 0) < hourMs;
  const size = useMoment(({ now }) => suspended.filter((card) => isRecent(card, now)).length, useClock());
  if (size < fromSize) return null;
  const newest = suspended.toSorted((a, b) => (b.stateSince ?? 0) - (a.stateSince ?? 0)).slice(0, size);
  const vendors = countVendors(newest).sort((a, b) => b.accounts - a.accounts);
  const others = vendors.slice(namedVendors).reduce((sum, { accounts }) => sum + accounts, 0);
  const named = vendors.slice(0, namedVendors).map(({ vendor, accounts }) => `${accounts} of ${vendor}`);
  if (others > 0) named.push(`${others} of others`);
  return (
    <div className="notice" data-tone="wave">
      <Icon name="suspended" />
      <p>
        <b>{size} accounts were suspended within the last hour:</b> {named.join(', ')}.
      </p>
      <a className="btn" href="/alerts">
        See the alerts
      </a>
    </div>
  );
}
