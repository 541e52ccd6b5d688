import { parseAccountId, type AccountId } from './account.ts';

/** One change as Meta pushes it: which topic, about which entry, what field. */
export interface PushedChange {
  topic: string;
  /** Digits of the account under the topic `ad_account`, the app's id under `application`. */
  entryId: string;
  field: string;
  value: unknown;
}

/** An account that is worth a look now. Why is the change's field; what the change claims is left behind. */
export interface Hint {
  accountId: AccountId;
  reason: string;
}

/** Ads that stop, one after the other, are often the first that is seen of a ban. */
const fieldsOfAds = ['field_changed', 'effective_status', 'with_issues_ad_objects', 'in_process_ad_objects'];

/** The account that a change hints at, or null for a change that says nothing about an account's status. */
export function hintOf({ topic, entryId, field, value }: PushedChange): Hint | null {
  if (topic === 'ad_account' && fieldsOfAds.includes(field)) return hintAt(entryId, field);
  if (topic === 'application' && field === 'ad_account') return hintAt(idIn(value), field);
  return null;
}

function hintAt(id: string, reason: string): Hint | null {
  const accountId = parseAccountId(id.startsWith('act_') ? id : `act_${id}`);
  return accountId === null ? null : { accountId, reason };
}

function idIn(value: unknown): string {
  return typeof value === 'object' && value !== null && 'id' in value ? String(value.id) : '';
}
