import type { AccountCard } from '../../contract/account-card.ts';

/** What time it is for the screen, and what the last status sweep has seen. Replaced, never changed. */
export interface Moment {
  /** The server's clock, epoch ms, in steps of about a second. */
  now: number;
  /** When the last sweep finished; null before one was heard of. */
  checkedAt: number | null;
  /** Accounts that the last sweep could not read, with the moment they were last seen by one that could. */
  missed: ReadonlyMap<string, number | null>;
}

export function startMoment(now: number): Moment {
  return { now, checkedAt: null, missed: new Map() };
}

/** A sweep has seen every account but `failed` at `at`. */
export function recordSweep(moment: Moment, at: number, failed: readonly string[]): Moment {
  const missed = new Map<string, number | null>();
  for (const id of failed)
    missed.set(id, moment.missed.has(id) ? (moment.missed.get(id) ?? null) : moment.checkedAt);
  return { now: Math.max(moment.now, at), checkedAt: at, missed };
}

/** When the account's status was last read, by the card itself or by a sweep heard of since; null before the first read. */
export function seenAt(card: Pick<AccountCard, 'accountId' | 'observedAt'>, moment: Moment): number | null {
  if (card.observedAt === null) return null;
  const swept = moment.missed.has(card.accountId) ? moment.missed.get(card.accountId) : moment.checkedAt;
  return Math.max(card.observedAt, swept ?? 0);
}
