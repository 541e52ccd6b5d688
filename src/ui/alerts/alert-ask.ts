import type { AlertAsk } from '../../contract/alert-view.ts';
import { alertTabs } from '../../contract/alert-view.ts';

type Asked = Readonly<Record<string, string | string[] | undefined>>;

function first(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

function idOf(text: string): number | null {
  return /^[1-9][0-9]{0,14}$/.test(text) ? Number(text) : null;
}

/** From the search parameters of the page; what cannot be meant is dropped. */
export function parseAsk(asked: Asked): AlertAsk {
  const kind = first(asked['kind']);
  const vendor = first(asked['vendor']);
  return {
    tab: alertTabs.find((tab) => tab === first(asked['state'])) ?? 'open',
    kind: /^[a-z_]{1,50}$/.test(kind) ? kind : null,
    vendor: /^\P{Cc}{1,100}$/u.test(vendor) ? vendor : null,
    chosen: idOf(first(asked['alert'])),
    before: idOf(first(asked['before'])),
  };
}

/** The address of the screen that asks for this. */
export function askAddress(ask: AlertAsk, change: Partial<AlertAsk> = {}): string {
  const { tab, kind, vendor, chosen, before } = { ...ask, ...change };
  const search = new URLSearchParams();
  if (tab !== 'open') search.set('state', tab);
  if (kind !== null) search.set('kind', kind);
  if (vendor !== null) search.set('vendor', vendor);
  if (before !== null) search.set('before', String(before));
  if (chosen !== null) search.set('alert', String(chosen));
  const text = search.toString();
  return text === '' ? '/alerts' : `/alerts?${text}`;
}
