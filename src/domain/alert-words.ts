import type { AlertKind } from './alert.ts';
import { lastedWords } from './alert-life.ts';
import { fractionDigits } from './money.ts';
import type { Change } from './transition.ts';
import { disableReasonWords, statusLabel } from './status.ts';

/** The facts of an account that a message names. Amounts are minor units of `currency`. */
export interface AccountFacts {
  accountId: string;
  name: string | null;
  vendor: string;
  currency: string;
  disableReason: number | null;
  spendMinor: number | null;
  dailyLimitMinor: number | null;
  fundsLeftMinor: number | null;
  balanceDueMinor: number | null;
}

/** An account as a message about many names it. */
export interface MassAccount extends Pick<AccountFacts, 'accountId' | 'name' | 'vendor'> {
  /** Name or id of its Business Manager; null where Meta does not tell. */
  business: string | null;
}

export interface AlertWords {
  title: string;
  body: string;
  fields: { label: string; value: string }[];
}

const titles: Readonly<Record<AlertKind, string>> = {
  account_suspended: 'Account suspended',
  account_closing: 'Account closing',
  account_closed: 'Account closed',
  account_restored: 'Account restored',
  not_delivering: 'Not delivering',
  payment_warning: 'Payment warning',
  daily_limit_cut: 'Daily limit cut',
  daily_limit_raised: 'Daily limit raised',
  spend_cap_cut: 'Spend cap cut',
  funds_low: 'Funds nearly used',
  cpc_jump: 'CPC jump',
  stuck_delivery: 'Stuck delivery',
  blind_spot: 'Blind spot',
  access_lost: 'Access lost',
  token_dead: 'Token dead',
  connection_stopped: 'Connection stopped',
  ceiling_reached: 'Ceiling of requests reached',
  token_expiring: 'Token expiring',
  polling_failing: 'Polling failing',
  channel_disabled: 'Channel disabled',
  account_flapping: 'Account flapping',
  quiet_digest: 'Messages from your quiet hours',
  daily_digest: 'Daily digest',
};

/** What a kind of alert is called. A kind of another release keeps its own name. */
export function alertTitle(kind: string): string {
  return (titles as Readonly<Record<string, string>>)[kind] ?? kind;
}

/** An amount in words: `$1,204.77`; null stays null so that unknown is never written as zero. */
export function moneyWords(minor: number | null, currency: string): string | null {
  if (minor === null) return null;
  const digits = fractionDigits(currency);
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency: /^[A-Z]{3}$/.test(currency) ? currency : 'XXX',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return format.format(minor / 10 ** digits).replace(/\s/g, ' ');
}

/** Title, sentence and fields of an alert about a change of one account. */
export function accountAlertWords(kind: AlertKind, change: Change, facts: AccountFacts): AlertWords {
  const isAboutPayment = kind === 'not_delivering' || kind === 'payment_warning';
  return wordsOf(kind, facts, sentence(change, amountsIn(facts)), {
    reason: kind === 'account_suspended' ? disableReasonWords(facts.disableReason) : null,
    due: isAboutPayment ? amountsIn(facts)(facts.balanceDueMinor) : null,
  });
}

type Amounts = (minor: number | null) => string | null;

const amountsIn =
  ({ currency }: AccountFacts): Amounts =>
  (minor) =>
    moneyWords(minor, currency);

function wordsOf(
  kind: AlertKind,
  facts: AccountFacts,
  what: string,
  { reason, due }: { reason: string | null; due: string | null },
): AlertWords {
  const money = amountsIn(facts);
  const who = facts.name === null ? facts.accountId : `${facts.accountId} (${facts.name})`;
  const spend = money(facts.spendMinor);
  const limit = money(facts.dailyLimitMinor);
  const fields = [
    { label: 'Vendor', value: facts.vendor },
    ...optional('Reason', reason),
    ...optional('Spend today', spend === null ? null : limit === null ? spend : `${spend} of ${limit}`),
    ...optional('Funds left', money(facts.fundsLeftMinor)),
    ...optional('Due', due),
  ];
  return { title: titles[kind], body: `${who}: ${what}`, fields };
}

/** What an alert about a condition names. Instants are epoch ms, amounts minor units. */
export type ConditionDetail =
  /** `etaMs`: Infinity = nothing is spent, null = too early to say. `percentLeft`: of the spend cap. */
  | { kind: 'funds_low'; etaMs: number | null; percentLeft: number | null }
  | { kind: 'cpc_jump'; clicks: number | null; cpc: string | null; percent: number | null }
  | { kind: 'stuck_delivery'; slots: number; usualHourMinor: number | null }
  | { kind: 'blind_spot'; lastSeenAt: number; failure: string | null };

/** Title, sentence and fields of an alert about a condition that holds for one account. */
export function conditionAlertWords(detail: ConditionDetail, facts: AccountFacts): AlertWords {
  return wordsOf(detail.kind, facts, conditionSentence(detail, facts), { reason: null, due: null });
}

function conditionSentence(detail: ConditionDetail, facts: AccountFacts): string {
  const money = amountsIn(facts);
  switch (detail.kind) {
    case 'funds_low': {
      const { etaMs, percentLeft } = detail;
      const share = percentLeft === null ? '' : ` (${percentLeft}%)`;
      const left = `${money(facts.fundsLeftMinor) ?? 'little'}${share} left of its spend cap`;
      if (etaMs === null || etaMs === Infinity) return left;
      return `${left}, gone in about ${lastedWords(etaMs)} at the pace of today`;
    }
    case 'cpc_jump': {
      const { clicks, cpc, percent } = detail;
      const rise = percent === null ? '' : `, ${percent}% above the 7 days before`;
      return `a click costs ${cpc ?? 'more'}${cpc === null ? '' : ` ${facts.currency}`}${rise}, on ${clicks ?? 'some'} clicks today`;
    }
    case 'stuck_delivery': {
      const usual = money(detail.usualHourMinor);
      const expected = usual === null ? '' : `; at this hour it usually spends about ${usual} an hour`;
      return `active, with active ads and money left, but nothing spent for ${detail.slots} readings${expected}`;
    }
    case 'blind_spot': {
      const since = new Date(detail.lastSeenAt).toISOString().slice(0, 16).replace('T', ' ');
      const why = detail.failure === null ? '' : `: ${detail.failure}`;
      return `not read since ${since} UTC${why}`;
    }
  }
}

/** Words that an account's status goes to and fro; `last` is what it did last. */
export function flappingWords(last: AlertWords): AlertWords {
  return {
    ...last,
    title: titles.account_flapping,
    body: `${last.body}. Its status changes again and again; the next message comes when it has stood for 30 minutes.`,
  };
}

/** Words that it has settled. */
export function stableWords(accountId: string, state: string): Pick<AlertWords, 'title' | 'body'> {
  return {
    title: 'Account stable',
    body: `${accountId}: its status has stood for 30 minutes. It is ${state}.`,
  };
}

/** Words that another alert of the same account has taken its place. */
export const supersededWords: Pick<AlertWords, 'title' | 'body'> = {
  title: 'Not as it was',
  body: 'The account is down in another way now. A new alert says how.',
};

/** Title and sentence of the message that an alert is over. */
export function endedAlertWords({ title, body }: Pick<AlertWords, 'title' | 'body'>): AlertWords {
  return { title: `Resolved: ${title}`, body: `No longer so. It was: ${body}`, fields: [] };
}

function sentence(change: Change, money: (minor: number | null) => string | null): string {
  const move = (from: number | null, to: number | null) =>
    `from ${money(from) ?? 'no limit'} to ${money(to) ?? 'no limit'}`;
  switch (change.kind) {
    case 'status_changed':
      return `${statusLabel(change.fromCode)} → ${statusLabel(change.toCode)}`;
    case 'daily_limit_changed':
      return `daily limit ${move(change.fromMinor, change.toMinor)}${drop(change.fromMinor, change.toMinor)}`;
    case 'spend_cap_changed':
      return `spend cap ${move(change.fromMinor, change.toMinor)}${drop(change.fromMinor, change.toMinor)}`;
    case 'amount_spent_reset':
      return `amount spent went back ${move(change.fromMinor, change.toMinor)}`;
    case 'access_lost':
      return 'no longer readable with this connection';
    case 'access_regained':
      return 'readable again';
    case 'discovered':
      return 'new account';
  }
}

function drop(from: number | null, to: number | null): string {
  return from === null || to === null || from === 0 ? '' : ` (−${Math.round((1 - to / from) * 100)}%)`;
}

function optional(label: string, value: string | null): { label: string; value: string }[] {
  return value === null ? [] : [{ label, value }];
}

const mostNamed = 10;

/** One message for a wave: how many, by vendor, and the first ten accounts. */
export function massAlertWords(kind: AlertKind, accounts: readonly MassAccount[]): AlertWords {
  const first = accounts
    .slice(0, mostNamed)
    .map(({ accountId, name }) => `${accountId}${name ? ` (${name})` : ''}`);
  const rest = accounts.length - first.length;
  return {
    title: `${accounts.length} accounts: ${titles[kind].toLowerCase()}`,
    body: `${first.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`,
    fields: [
      ...countBy(accounts.map(({ vendor }) => vendor)),
      ...countBy(
        accounts.flatMap(({ business }) => (business === null ? [] : `Business Manager ${business}`)),
      ),
    ],
  };
}

const mostCounted = 8;

/** How many there are of each, most first; the many small ones at the end are one line. */
function countBy(names: readonly string[]): { label: string; value: string }[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  const shown = sorted.slice(0, mostCounted);
  const others = sorted.slice(mostCounted).reduce((sum, [, count]) => sum + count, 0);
  if (others > 0) shown.push([`${sorted.length - mostCounted} others`, others]);
  return shown.map(([label, count]) => ({
    label,
    value: `${count} ${count === 1 ? 'account' : 'accounts'}`,
  }));
}

/** The alerts about a whole connection. */
export type ConnectionAlertKind = 'token_dead' | 'connection_stopped' | 'ceiling_reached' | 'polling_failing';

/** Words of an alert about a whole connection. */
export function connectionAlertWords(
  kind: ConnectionAlertKind,
  connection: string,
  detail: string,
  accounts: number,
): AlertWords {
  const body = {
    token_dead: `Meta refuses the token of connection "${connection}": ${detail}. Nothing of its ${accounts} accounts can be read until it has a new one.`,
    connection_stopped: `Meta refuses connection "${connection}" as a whole: ${detail}. ArbHub has stopped asking for its ${accounts} accounts. Put it right, then resume the connection.`,
    ceiling_reached: `Connection "${connection}" asked more often than it should ever need to: ${detail}. It rests until the next minute; figures of its ${accounts} accounts may be late.`,
    polling_failing: `Connection "${connection}" cannot be read: ${detail}. Figures of its ${accounts} accounts are getting old.`,
  }[kind];
  return { title: titles[kind], body, fields: [{ label: 'Connection', value: connection }] };
}

/** What a message about an expiry names. Instants are epoch ms. */
export interface ExpiryFacts {
  connection: string;
  accounts: number;
  expiresAt: number;
  now: number;
  /** Whether ArbHub tries to renew the token by itself; why the last attempt came to nothing. */
  isRenewed: boolean;
  renewalFailed: string | null;
}

const dayMs = 86_400_000;

/** Words of an alert about a token that will end, or has ended. */
export function expiryAlertWords(facts: ExpiryFacts): AlertWords {
  const { connection, accounts, expiresAt, now } = facts;
  const days = Math.round((expiresAt - now) / dayMs);
  const moment = `${new Date(expiresAt).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const when =
    expiresAt <= now
      ? `ended on ${moment}`
      : `ends on ${moment}, in ${days < 1 ? 'less than a day' : days === 1 ? '1 day' : `${days} days`}`;
  const failed = facts.renewalFailed === null ? '' : `, the last attempt failed: ${facts.renewalFailed}`;
  const help = facts.isRenewed
    ? `ArbHub tries to renew it every day${failed}.`
    : 'It does not renew by itself: make a new token and replace this one.';
  return {
    title: titles.token_expiring,
    body: `The token of connection "${connection}" ${when}. Nothing of its ${accounts} accounts can be read after that. ${help}`,
    fields: [{ label: 'Connection', value: connection }],
  };
}
