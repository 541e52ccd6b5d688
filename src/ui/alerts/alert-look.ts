import type { AlertView } from '../../contract/alert-view.ts';
import type { IconName } from '../kit/icon.tsx';

/** How an alert is drawn: the shape of what it is about, and the state whose colour it bears. */
export interface AlertLook {
  icon: IconName;
  tone: 'suspended' | 'stopped' | 'lost' | 'closed' | 'critical' | 'warning' | 'info' | 'good';
}

const looks: Readonly<Record<string, AlertLook>> = {
  account_suspended: { icon: 'suspended', tone: 'suspended' },
  account_closing: { icon: 'closing', tone: 'closed' },
  account_closed: { icon: 'closed', tone: 'closed' },
  account_restored: { icon: 'check', tone: 'good' },
  not_delivering: { icon: 'stopped', tone: 'stopped' },
  access_lost: { icon: 'lost', tone: 'lost' },
  token_dead: { icon: 'lost', tone: 'lost' },
  daily_digest: { icon: 'board', tone: 'info' },
};

export function lookOfAlert({ kind, severity }: Pick<AlertView, 'kind' | 'severity'>): AlertLook {
  return looks[kind] ?? { icon: severity === 'info' ? 'check' : 'warning', tone: severity };
}

const down: ReadonlySet<string> = new Set([
  'account_suspended',
  'account_closing',
  'account_closed',
  'not_delivering',
  'access_lost',
  'token_dead',
]);

/** Whether something stands still for as long as this alert holds, so that its age is a time of being down. */
export function isAboutDown({ kind }: Pick<AlertView, 'kind'>): boolean {
  return down.has(kind);
}

/** Whether it is one message for a wave of accounts, and still burns. */
export function isIncident({ accountCount, state }: Pick<AlertView, 'accountCount' | 'state'>): boolean {
  return accountCount > 1 && state === 'open';
}

/** What an alert is called: where it is about one account, with the account's name. */
export function titleOf({ title, accountCount, accounts }: AlertView): string {
  const [account] = accounts;
  return accountCount === 1 && account !== undefined
    ? `${title}: ${account.name ?? account.accountId}`
    : title;
}
