import type { AccountCard } from '../../../contract/account-card.ts';
import { Bar } from '../../account-card/spend-line.tsx';
import { viewSpend } from '../../account-card/spend-view.ts';
import { percent } from '../../kit/figures.ts';
import type { IconName } from '../../kit/icon.tsx';
import { Icon } from '../../kit/icon.tsx';
import { clockTime, knownZone, zoneName } from '../../kit/times.ts';
import { None, Unknown } from './cells.tsx';
import type { RowFacts } from './row-facts.ts';

/** How the day runs: the card's bar and word; of a dead account where it ended. */
export function PaceCell({ card, look, isDead, isStale, progress }: RowFacts) {
  if (isDead)
    return progress === null ? <Unknown reason="not known" /> : <None>{percent(progress)} at the end</None>;
  if (card.metricsAt === null) return <Unknown reason="not read yet" />;
  const { bar, pace } = viewSpend(card, look, isStale, card.metricsAt);
  const word = pace?.toLowerCase().replace(' ', '-') ?? 'limit-unknown';
  return (
    <span className="paced" data-pace={word}>
      <Bar bar={bar} />
      {pace !== null && (
        <span className="pace-word">
          <Icon name={word as IconName} />
          {pace}
        </span>
      )}
    </span>
  );
}

function inZone(at: number, { timezone }: AccountCard): string {
  const zone = knownZone(timezone);
  return `${clockTime(at, zone)} ${zoneName(at, zone)}`;
}

/** When the limit will be met, on the account's own clock. */
export function LimitAtCell({ card, look, isDead, isStale, pace }: RowFacts) {
  if (isDead) return <Unknown reason="it spends no more" />;
  if (pace === null || card.spendMinor === null) return <Unknown reason="not read yet" />;
  if (pace.word === 'LIMIT REACHED') return <b>reached</b>;
  if (pace.word === 'NO LIMIT') return <None>no limit</None>;
  if (pace.word === 'LIMIT UNKNOWN') return <Unknown reason="limit unknown" />;
  if (look === 'lost' || isStale) return <Unknown reason="the figures are old" />;
  if (pace.word === 'EARLY') return <Unknown reason="too early in the day" />;
  if (look === 'stopped' || pace.limitAt === null) return <None>not met</None>;
  return inZone(pace.limitAt, card);
}
