import type { AccountAsk } from '../../contract/account-page.ts';

/** The address of an account's page that asks for this. */
export function pageAddress(accountId: string, { range, kind, before }: AccountAsk): string {
  const search = new URLSearchParams();
  if (range !== '7d') search.set('range', range);
  if (kind !== null) search.set('kind', kind);
  if (before !== null) search.set('before', before);
  const text = search.toString();
  return text === '' ? `/accounts/${accountId}` : `/accounts/${accountId}?${text}`;
}
