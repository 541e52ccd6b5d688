import type { AlertView, DeliveryView } from '../../contract/alert-view.ts';

/** How a delivery did, for its mark: done, on its way, waiting on purpose, or given up. */
export type Fate = 'ok' | 'going' | 'retry' | 'waits' | 'dead';

export function fateOf({ state }: Pick<DeliveryView, 'state'>): Fate {
  switch (state) {
    case 'sent':
      return 'ok';
    case 'retry':
      return 'retry';
    case 'held':
    case 'digested':
      return 'waits';
    case 'dead':
      return 'dead';
    default:
      return 'going';
  }
}

/** How long a channel took from the alert to the accepted message: `0.8 s`, `14 s`; null while it has not accepted it. */
export function tookWords({ createdAt, sentAt }: DeliveryView): string | null {
  if (sentAt === null) return null;
  const seconds = Math.max(0, sentAt - createdAt) / 1000;
  if (seconds >= 60) return `${Math.round(seconds / 60)}\u00a0min`;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)}\u00a0s`;
}

const purposes: Readonly<Record<string, string>> = {
  opened: 'Told',
  repeat: 'Said again to',
  escalated: 'Escalated to',
  acknowledged: 'Told that it is taken:',
  resolved: 'Told that it is over:',
  digest: 'Sent to',
  test: 'Tried',
};

/** What a delivery was for, before the name of its channel. */
export function purposeWords(purpose: string): string {
  return purposes[purpose] ?? 'Sent to';
}

/** Of each channel the delivery that told of the alert first. */
export function firstTold(alert: Pick<AlertView, 'deliveries'>): DeliveryView[] {
  const seen = new Set<string>();
  return alert.deliveries.filter(({ channel, purpose }) => {
    if (seen.has(channel) || purpose === 'acknowledged' || purpose === 'resolved') return false;
    seen.add(channel);
    return true;
  });
}

/** Whether every try to tell somebody has been given up: this alert has reached nobody. */
export function isUnheard({ deliveries }: Pick<AlertView, 'deliveries'>): boolean {
  return deliveries.length > 0 && deliveries.every(({ state }) => state === 'dead');
}
