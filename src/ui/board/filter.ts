import type { AccountCard } from '../../contract/account-card.ts';
import { factsOf } from './card-facts.ts';
import type { Tile } from './tile.ts';
import { isBurning, tileOf, tiles } from './tile.ts';

/** Questions of their own, which no single figure answers. */
export const onlyWords = {
  burning: 'What burns',
  room: 'Room to spend',
  capped: 'Capped today',
} as const;
type Only = keyof typeof onlyWords;
const onlys = Object.keys(onlyWords) as Only[];

/** What an account is or has, one of each kind. */
export const kinds = ['vendor', 'connection', 'currency', 'tag'] as const;
export type Kind = (typeof kinds)[number];

/** Which accounts the reader asked for. It lives in the address, so that a view can be sent to somebody. */
export interface Filter extends Record<Kind, string | null> {
  states: Tile[];
  query: string;
  only: Only | null;
}

export const noFilter: Filter = {
  ...{ vendor: null, connection: null, currency: null, tag: null },
  ...{ states: [], query: '', only: null },
};

export type Asked = Readonly<Record<string, string | string[] | undefined>>;

export function first(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** From the search parameters of the page; what is not a state is dropped. */
export function parseFilter(asked: Asked): Filter {
  const states = new Set(first(asked['state']).split(','));
  return {
    vendor: first(asked['vendor']) || null,
    connection: first(asked['connection']) || null,
    currency: first(asked['currency']) || null,
    tag: first(asked['tag']) || null,
    states: tiles.filter((tile) => states.has(tile)),
    query: first(asked['q']),
    only: onlys.find((only) => only === first(asked['only'])) ?? null,
  };
}

/** The filter as search parameters; empty for `noFilter`. */
export function filterParameters(filter: Filter): URLSearchParams {
  const asked = new URLSearchParams();
  if (filter.only !== null) asked.set('only', filter.only);
  for (const kind of kinds) {
    const value = filter[kind];
    if (value !== null) asked.set(kind, value);
  }
  if (filter.states.length > 0) asked.set('state', filter.states.join(','));
  if (filter.query !== '') asked.set('q', filter.query);
  return asked;
}

export function toggleState(filter: Filter, tile: Tile): Filter {
  const states = new Set(filter.states);
  if (!states.delete(tile)) states.add(tile);
  return { ...filter, states: tiles.filter((known) => states.has(known)) };
}

function isOnly(card: AccountCard, only: Only, isStale: boolean): boolean {
  if (only === 'burning') return isBurning(card);
  const { look, pace } = factsOf(card);
  // An old figure says nothing about now.
  if (look !== 'active' || isStale || pace === null) return false;
  if (only === 'capped') return pace.word === 'LIMIT REACHED';
  return pace.word === 'UNDER' && (card.spendCapSource === 'none' || (card.fundsLeftMinor ?? 0) > 0);
}

/** All but the states: the set that the strip counts, so that each count is what its press would show. */
export function isAsked(card: AccountCard, filter: Filter, isStale: boolean): boolean {
  const { vendor, connection, currency, tag, only } = filter;
  if (vendor !== null && card.vendor !== vendor) return false;
  if (connection !== null && card.connection !== connection) return false;
  if (currency !== null && card.currency !== currency) return false;
  if (tag !== null && !card.tags.includes(tag)) return false;
  if (only !== null && !isOnly(card, only, isStale)) return false;
  const words = filter.query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const { text } = factsOf(card);
  return words.every((word) => text.includes(word));
}

/** Whether the account stands in one of the pressed places of the strip; without any, all do. */
export function isInStates(card: AccountCard, { states }: Filter, isStale: boolean): boolean {
  if (states.length === 0) return true;
  return states.includes(tileOf(factsOf(card).look)) || (isStale && states.includes('stale'));
}

export function isShown(card: AccountCard, filter: Filter, isStale: boolean): boolean {
  return isAsked(card, filter, isStale) && isInStates(card, filter, isStale);
}
