import type { AccountCard } from '../../contract/account-card.ts';
import type { IconName } from '../kit/icon.tsx';
import { Icon } from '../kit/icon.tsx';
import { age } from '../kit/times.ts';
import { Tick, useClock } from '../live/clock.tsx';
import { Changing } from './figure.tsx';
import type { Look } from './look.ts';
import type { SpendBar } from './spend-view.ts';
import { viewSpend } from './spend-view.ts';

/** Solid = spent, pale = projected end, notch = where the day expects it now, end block = limit reached. */
export function Bar({ bar }: { bar: SpendBar }) {
  const fill = <rect className="bar__fill" width={`${bar.spent}%`} height="10" rx="2" />;
  if (bar.kind === 'hatched')
    return (
      <svg className="bar" height="10" aria-hidden="true">
        <rect className="bar__hatch" width="100%" height="10" rx="2" />
      </svg>
    );
  if (bar.kind === 'open')
    return (
      <svg className="bar" height="10" aria-hidden="true">
        {fill}
        <line className="bar__open" x1={`${Math.min(97, bar.spent + 1.5)}%`} x2="100%" y1="5" y2="5" />
      </svg>
    );
  return (
    <svg className="bar" height="10" aria-hidden="true">
      <rect className="bar__track" width="100%" height="10" rx="2" />
      {bar.projected !== null && (
        <rect className="bar__ghost" width={`${bar.projected}%`} height="10" rx="2" />
      )}
      {fill}
      {bar.expected !== null && (
        <svg className="bar__notch" x={`${bar.expected}%`} overflow="visible">
          <path d="M-1 -3h2v16h-2z" />
        </svg>
      )}
      {bar.isFull && (
        <svg x="100%" overflow="visible">
          <rect className="bar__cap" x="-4" y="-3" width="4" height="16" />
        </svg>
      )}
    </svg>
  );
}

/** The daily question: how much of the limit is spent, and where the day ends. */
export function SpendLine({ card, look, isStale }: { card: AccountCard; look: Look; isStale: boolean }) {
  const clock = useClock();
  const view = viewSpend(card, look, isStale, clock.first.now);
  const pace = view.pace?.toLowerCase().replace(' ', '-');
  const { resetsAt } = view;
  return (
    <div className="spend" data-pace={pace ?? 'limit-unknown'}>
      <p className="spend__line">
        <span className="vh">Spend today </span>
        {view.now === null ? (
          <span className="spend__now none">—</span>
        ) : (
          <span className="spend__now">
            <Changing text={view.now}>{view.now}</Changing>
          </span>
        )}
        <span className="spend__limit">{view.limit}</span>
        {view.percent !== null && <span className="spend__pct">{view.percent}</span>}
      </p>
      <Bar bar={view.bar} />
      <p className="spend__foot">
        {view.pace !== null && (
          <span className="pace-word">
            <Icon name={pace as IconName} />
            {view.pace}
          </span>
        )}
        <span className="spend__ends" suppressHydrationWarning>
          {resetsAt !== null ? (
            <Tick text={({ now }) => `resets in ${age(resetsAt - now)}`} />
          ) : (
            <>
              {view.before}
              {view.end !== null && <b>{view.end}</b>}
              {view.after}
            </>
          )}
        </span>
      </p>
    </div>
  );
}
