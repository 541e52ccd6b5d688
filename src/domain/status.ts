/** Meta's `account_status` and `disable_reason` codes and what they mean to ArbHub. Source: Marketing API, ad account reference. */

export const states = [
  'active',
  'warning',
  'suspended',
  'closing',
  'closed',
  'access_lost',
  'archived',
  'unknown',
] as const;
export type State = (typeof states)[number];

interface Meaning {
  name: string;
  state: State;
  isDelivering: boolean;
  /** The reason a buyer reads next to the state. */
  words: string;
}

const meanings: Readonly<Record<number, Meaning>> = {
  1: { name: 'ACTIVE', state: 'active', isDelivering: true, words: 'active' },
  2: { name: 'DISABLED', state: 'suspended', isDelivering: false, words: 'disabled by Meta' },
  3: { name: 'UNSETTLED', state: 'warning', isDelivering: false, words: 'payment failed' },
  7: { name: 'RISK REVIEW', state: 'warning', isDelivering: false, words: 'risk review at Meta' },
  8: { name: 'PENDING SETTLEMENT', state: 'warning', isDelivering: true, words: 'settlement due' },
  9: { name: 'GRACE PERIOD', state: 'warning', isDelivering: true, words: 'grace period' },
  100: { name: 'PENDING CLOSURE', state: 'closing', isDelivering: false, words: 'pending closure' },
  101: { name: 'CLOSED', state: 'closed', isDelivering: false, words: 'closed' },
};

/** What an account is known to be, before any rule speaks. */
export interface Standing {
  statusCode: number | null;
  hasAccess: boolean;
  isArchived: boolean;
}

/** The state shown to people. `archived` and `access_lost` are ArbHub's own and win over Meta's code; no code is unknown. */
export function deriveState(standing: Standing): State {
  if (standing.isArchived) return 'archived';
  if (!standing.hasAccess) return 'access_lost';
  return stateOfCode(standing.statusCode);
}

/** The state that a raw code stands for; a code outside Meta's list is `unknown`, never active. */
function stateOfCode(code: number | null): State {
  return (code === null ? undefined : meanings[code]?.state) ?? 'unknown';
}

/** Whether ads can run under this code. Unknown codes count as not delivering. */
export function isDelivering(code: number | null): boolean {
  return code !== null && (meanings[code]?.isDelivering ?? false);
}

/** Codes 2, 100 and 101: disabled, about to be closed, closed. */
export function isDown(code: number | null): boolean {
  return code === 2 || code === 100 || code === 101;
}

/** Codes 3 and 7: alive, but nothing is shown to anybody. */
export function isNotDelivering(code: number | null): boolean {
  return code === 3 || code === 7;
}

/** Meta's name with the code, as the card's foot shows it: `UNSETTLED (3)`, `CODE 202`. */
export function statusLabel(code: number | null): string {
  if (code === null) return 'NOT READ YET';
  const name = meanings[code]?.name;
  return name === undefined ? `CODE ${code}` : code === 1 ? name : `${name} (${code})`;
}

/** A short reason in plain words for a status code. */
export function statusWords(code: number | null): string {
  return (code === null ? undefined : meanings[code]?.words) ?? `code ${code ?? 'unknown'}, new`;
}

const disableReasons: Readonly<Record<number, string>> = {
  1: 'ads integrity policy',
  2: 'intellectual property review',
  3: 'payment risk',
  4: 'grey account closed',
  5: 'ads AFC review',
  6: 'business integrity review',
  7: 'permanently closed',
  8: 'unused reseller account',
  9: 'unused account',
  10: 'umbrella account',
  11: 'Business Manager broke policy',
  12: 'misrepresentation',
  13: 'removed from sharing, legal entity',
  14: 'conversation review',
  15: 'account was hacked',
};

/** Meta's reason in plain words; null when Meta gives none (0 or absent). Only meaningful while the account is not active. */
export function disableReasonWords(code: number | null): string | null {
  if (code === null || code === 0) return null;
  return disableReasons[code] ?? `reason ${code}`;
}
