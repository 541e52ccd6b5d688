import type { AccountCard } from '../../contract/account-card.ts';
import { changePercent, isCut } from '../../domain/trend.ts';
import type { SmallFigure } from '../kit/figures.ts';
import { clickCost, count, limitMoney, moneyPair, smallMoney } from '../kit/figures.ts';

/**
 * What stands in one place of the card. Three kinds of nothing stay apart: a figure may be 0, `none` says that there is no
 * such thing, `unknown` says why nobody knows.
 */
export type Words =
  | { kind: 'figure'; figure: SmallFigure }
  | { kind: 'none'; text: string }
  | { kind: 'unknown'; reason: string };

/** How a figure moved: arrow, points of per cent, and whether that is welcome. */
export interface Delta {
  isUp: boolean;
  percent: number;
  mood: 'good' | 'plain' | 'watch' | 'bad';
}

const unknown = (reason: string): Words => ({ kind: 'unknown', reason });
const exactly = (text: string): Words => ({ kind: 'figure', figure: { text, exact: null } });

export const notRead = 'not read yet';
/** The same where there is hardly room for it. */
const unread = 'not read';

/** The daily limit seven days ago and now. */
export function limitTrend(card: AccountCard): { words: Words; delta: Delta | null; note: string | null } {
  const { dailyLimitMinor: to, dailyLimitBeforeMinor: from, currency } = card;
  const plain = (words: Words, note: string | null = null) => ({ words, delta: null, note });
  if (card.dailyLimitSource === 'unlimited') return plain({ kind: 'none', text: 'no limit' });
  if (to === null) return plain(unknown(card.observedAt === null ? notRead : 'Meta does not say'));
  const now: Words = { kind: 'figure', figure: limitMoney(to, currency) };
  if (from === null) return plain(now);
  if (from === to) return plain(now, 'unchanged');
  const percent = changePercent(from, to);
  const mood = to > from ? 'plain' : isCut(from, to) ? 'bad' : 'watch';
  return {
    words: { kind: 'figure', figure: moneyPair(from, to, currency) },
    delta: percent === null ? null : { isUp: to > from, percent: Math.abs(percent), mood },
    note: null,
  };
}

/** What a click costs today. Down is welcome. */
export function clickPrice(card: AccountCard): { words: Words; delta: Delta | null } {
  if (card.cpc === null)
    return { words: unknown(card.metricsAt === null ? unread : 'no clicks'), delta: null };
  const words = exactly(clickCost(card.cpc, card.currency));
  const change = card.cpcChangePercent === null ? null : Math.round(card.cpcChangePercent);
  if (change === null || change === 0) return { words, delta: null };
  const mood = change < 0 ? 'good' : change >= 30 ? 'bad' : change >= 15 ? 'watch' : 'plain';
  return { words, delta: { isUp: change > 0, percent: Math.abs(change), mood } };
}

export function fundsLeft(card: AccountCard): Words {
  if (card.spendCapSource === 'none') return { kind: 'none', text: 'no spend cap' };
  if (card.fundsLeftMinor === null) return unknown(card.observedAt === null ? notRead : 'Meta does not say');
  return { kind: 'figure', figure: smallMoney(card.fundsLeftMinor, card.currency) };
}

export function balanceDue(card: AccountCard): Words {
  if (card.balanceDueMinor === null) return unknown(card.observedAt === null ? unread : 'not told');
  return { kind: 'figure', figure: smallMoney(card.balanceDueMinor, card.currency) };
}

export function clicks(value: number | null): Words {
  return value === null ? unknown(unread) : exactly(count(value));
}

/** Running ads and, beside them, all ads. */
export function ads(card: AccountCard): { words: Words; total: string | null } {
  const words = card.activeAds === null ? unknown(unread) : exactly(count(card.activeAds));
  return { words, total: card.totalAds === null || card.activeAds === null ? null : count(card.totalAds) };
}
