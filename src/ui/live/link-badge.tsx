import { Icon } from '../kit/icon.tsx';
import { age, clockTime } from '../kit/times.ts';
import { Tick, useClock, useMoment } from './clock.tsx';
import type { Moment } from './moment.ts';
import type { LinkState } from './use-live-line.ts';

interface BadgeProps {
  link: LinkState;
  checkedAt: number | null;
  sweepMs: number;
}

function lastCheck(checkedAt: number | null, moment: Moment): number | null {
  if (moment.checkedAt === null) return checkedAt;
  return Math.max(checkedAt ?? 0, moment.checkedAt);
}

/** Whether what is on the screen follows the accounts, and since when not. Only its word is read out, not the seconds. */
export function LinkBadge({ link, checkedAt, sweepMs }: BadgeProps) {
  const isLate = useMoment((moment) => {
    const last = lastCheck(checkedAt, moment);
    return last !== null && moment.now - last > 2 * sweepMs;
  }, useClock());
  const checked = (moment: Moment) => {
    const last = lastCheck(checkedAt, moment);
    return last === null ? 'not checked yet' : `checked ${age(moment.now - last)} ago`;
  };
  const { lostAt } = link;
  if (lostAt !== null)
    return (
      <span className="link-state" data-link="offline">
        <Icon name="offline" />
        <b role="status">{link.state === 'offline' ? 'Offline' : 'Reconnecting'}</b>
        <span className="desk-only">since {clockTime(lostAt, null)}</span>
      </span>
    );
  return (
    <span className="link-state" data-link={isLate ? 'stale' : link.state}>
      <Icon name={isLate ? 'stale' : 'live'} />
      <b role="status">{isLate ? 'Stale' : link.state === 'live' ? 'Live' : 'Connecting'}</b>
      <span className="desk-only">
        <Tick text={checked} />
      </span>
    </span>
  );
}
