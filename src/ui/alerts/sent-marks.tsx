import type { AlertView, DeliveryView } from '../../contract/alert-view.ts';
import type { IconName } from '../kit/icon.tsx';
import { Icon } from '../kit/icon.tsx';
import { Until } from '../live/instants.tsx';
import type { Fate } from './delivery-words.ts';
import { fateOf, firstTold, tookWords } from './delivery-words.ts';

export const fateIcons: Readonly<Record<Fate, IconName>> = {
  ok: 'check',
  going: 'live',
  retry: 'stale',
  waits: 'stale',
  dead: 'cross',
};

/** How the word of an alert reached each channel, in a few words. */
export function SentMarks({ alert }: { alert: Pick<AlertView, 'deliveries'> }) {
  return firstTold(alert).map((delivery) => {
    const fate = fateOf(delivery);
    return (
      <span key={delivery.channel} className="sent" data-sent={fate}>
        <Icon name={fateIcons[fate]} />
        <span>
          <ShortWords delivery={delivery} fate={fate} />
        </span>
      </span>
    );
  });
}

function ShortWords({ delivery, fate }: { delivery: DeliveryView; fate: Fate }) {
  const { channel, attempts, dueAt, state, lastError } = delivery;
  switch (fate) {
    case 'ok':
      return `${channel} ${tookWords(delivery) ?? ''}`;
    case 'going':
      return `${channel}, on its way`;
    case 'waits':
      return state === 'digested' ? (
        `${channel}, in its digest`
      ) : (
        <>
          {channel}, quiet hours: {<Until at={dueAt} />}
        </>
      );
    case 'retry':
      return (
        <>
          {channel}, try {attempts + 1} <Until at={dueAt} />
        </>
      );
    case 'dead':
      return `${channel} not reached${lastError === null ? '' : `: ${lastError}`}`;
  }
}
