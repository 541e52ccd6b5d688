import type { AccountCard } from '../../contract/account-card.ts';
import { isDelivering, isNotDelivering } from '../../domain/status.ts';
import type { Moment } from '../live/moment.ts';
import { seenAt } from '../live/moment.ts';

/** How a card is drawn: one look for each thing that a person has to tell apart at a glance. */
export type Look = 'suspended' | 'stopped' | 'lost' | 'closing' | 'closed' | 'warning' | 'unknown' | 'active';

export function lookOf(card: Pick<AccountCard, 'state' | 'statusCode'>): Look {
  switch (card.state) {
    case 'access_lost':
      return 'lost';
    case 'warning':
      return isNotDelivering(card.statusCode) ? 'stopped' : 'warning';
    case 'archived':
      return 'closed';
    default:
      return card.state;
  }
}

/** The word that ends the card's name and stands on its band. */
export const lookWords: Readonly<Record<Look, string>> = {
  suspended: 'suspended',
  stopped: 'not delivering',
  lost: 'access lost',
  closing: 'closing',
  closed: 'closed',
  warning: 'payment warning',
  unknown: 'unknown state',
  active: 'active',
};

export function isDead(look: Look): boolean {
  return look === 'suspended' || look === 'closing' || look === 'closed';
}

/** The two cadences of the board; an age beyond two of one is loud. */
export interface Cadence {
  sweepMs: number;
  metricsMs: number;
}

/** Whether the card shows what is too old to act on. What was never read has no age and is not stale. */
export function isStale(card: AccountCard, moment: Moment, cadence: Cadence): boolean {
  const seen = seenAt(card, moment);
  const isStatusOld = seen !== null && moment.now - seen > 2 * cadence.sweepMs;
  if (isStatusOld || !isDelivering(card.statusCode)) return isStatusOld;
  return card.metricsAt !== null && moment.now - card.metricsAt > 2 * cadence.metricsMs;
}
