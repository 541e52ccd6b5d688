import type { AccountCard } from '../../contract/account-card.ts';
import { lookOf } from '../account-card/look.ts';
import type { Tile } from './tile.ts';
import { tileOf, tiles } from './tile.ts';

/** Which accounts the reader asked for. It lives in the address, so that a view can be sent to somebody. */
export interface Filter {
  vendor: string | null;
  states: Tile[];
  query: string;
}

export const noFilter: Filter = { vendor: null, states: [], query: '' };

type Asked = Readonly<Record<string, string | string[] | undefined>>;

function first(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** From the search parameters of the page; what is not a state is dropped. */
export function parseFilter(asked: Asked): Filter {
  const states = new Set(first(asked['state']).split(','));
  return {
    vendor: first(asked['vendor']) || null,
    states: tiles.filter((tile) => states.has(tile)),
    query: first(asked['q']),
  };
}

/** The search part of the address, `''` or `?…`. */
export function filterAddress(filter: Filter): string {
  const asked = new URLSearchParams();
  if (filter.vendor !== null) asked.set('vendor', filter.vendor);
  if (filter.states.length > 0) asked.set('state', filter.states.join(','));
  if (filter.query !== '') asked.set('q', filter.query);
  const text = asked.toString().replaceAll('%2C', ',');
  return text === '' ? '' : `?${text}`;
}

export function toggleState(filter: Filter, tile: Tile): Filter {
  const states = new Set(filter.states);
  if (!states.delete(tile)) states.add(tile);
  return { ...filter, states: tiles.filter((known) => states.has(known)) };
}

/** Vendor and words only: the set that the strip counts, so that each count is what its press would show. */
export function isAsked(card: AccountCard, filter: Filter): boolean {
  if (filter.vendor !== null && card.vendor !== filter.vendor) return false;
  const words = filter.query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${card.accountId} ${card.name ?? ''} ${card.vendor}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

export function isShown(card: AccountCard, filter: Filter, isStale: boolean): boolean {
  if (!isAsked(card, filter)) return false;
  if (filter.states.length === 0) return true;
  return filter.states.includes(tileOf(lookOf(card))) || (isStale && filter.states.includes('stale'));
}
