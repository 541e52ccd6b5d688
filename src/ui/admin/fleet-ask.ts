import type { FleetAsk } from '../../contract/fleet.ts';
import { type State, states } from '../../domain/status.ts';

type Asked = Readonly<Record<string, string | string[] | undefined>>;

/** From the search parameters of the page; what cannot be meant is dropped. */
export function parseFleetAsk(asked: Asked): FleetAsk {
  const page = Number(asked['page'] ?? 1);
  const state = textOf(asked['state']);
  return {
    words: textOf(asked['q']),
    vendor: textOf(asked['vendor']),
    connection: textOf(asked['connection']),
    state: states.find((one) => one === state) ?? null,
    page: Number.isInteger(page) && page >= 1 && page <= 1000 ? page : 1,
  };
}

/** The address of the page that asks for this. */
export function fleetAddress({ words, vendor, connection, state, page }: FleetAsk): string {
  const search = new URLSearchParams();
  if (words !== null) search.set('q', words);
  if (vendor !== null) search.set('vendor', vendor);
  if (state !== null) search.set('state', state satisfies State);
  if (connection !== null) search.set('connection', connection);
  if (page > 1) search.set('page', String(page));
  const text = search.toString();
  return text === '' ? '/admin/accounts' : `/admin/accounts?${text}`;
}

function textOf(value: string | string[] | undefined): string | null {
  const text = typeof value === 'string' ? value.trim().replaceAll(/\p{Cc}/gu, '') : '';
  return text === '' ? null : text.slice(0, 100);
}
