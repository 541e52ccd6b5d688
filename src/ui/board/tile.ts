import type { AccountCard } from '../../contract/account-card.ts';
import type { Look } from '../account-card/look.ts';
import { lookOf } from '../account-card/look.ts';

/** The places of the severity strip, in their fixed order. `stale` is a mark: such an account stands in its own place as well. */
export const tiles = [
  'suspended',
  'stopped',
  'lost',
  'closed',
  'warning',
  'unknown',
  'stale',
  'active',
] as const;
export type Tile = (typeof tiles)[number];

/** Long and short word of each place. */
export const tileWords: Readonly<Record<Tile, readonly [long: string, short: string]>> = {
  suspended: ['Suspended', 'Suspended'],
  stopped: ['Not delivering', 'Stopped'],
  lost: ['Access lost', 'No access'],
  closed: ['Closing, closed', 'Closed'],
  warning: ['Payment warning', 'Payment'],
  unknown: ['Unknown state', 'Unknown'],
  stale: ['Stale figures', 'Stale'],
  active: ['Active', 'Active'],
};

export function tileOf(look: Look): Tile {
  return look === 'closing' ? 'closed' : look;
}

export function countTiles(
  cards: readonly AccountCard[],
  staleIds: ReadonlySet<string>,
): Record<Tile, number> {
  const counts = Object.fromEntries(tiles.map((tile) => [tile, 0])) as Record<Tile, number>;
  for (const card of cards) {
    counts[tileOf(lookOf(card))] += 1;
    if (staleIds.has(card.accountId)) counts.stale += 1;
  }
  return counts;
}

const burning: ReadonlySet<Look> = new Set(['suspended', 'stopped', 'lost', 'closing']);

/** Whether money stands still or is lost right now. */
export function isBurning(card: AccountCard): boolean {
  return burning.has(lookOf(card));
}
