import type { AccountCard } from '../../contract/account-card.ts';
import { dayProgress } from '../../domain/calendar.ts';
import type { PaceWord } from '../../domain/pace.ts';
import { deriveProgressPercent, derivePace } from '../../domain/pace.ts';
import { money, percent, roughMoney } from '../kit/figures.ts';
import { clockTime, knownZone, zoneName } from '../kit/times.ts';
import { age } from '../kit/times.ts';
import { notRead } from './card-figures.ts';
import type { Look } from './look.ts';

/** The bar in per cent of its width. `open` has no end, `hatched` has no known end. */
export interface SpendBar {
  kind: 'limited' | 'open' | 'hatched';
  spent: number;
  projected: number | null;
  expected: number | null;
  isFull: boolean;
}

/** What the daily question is answered with. `resetsAt` is set where the text must count down. */
export interface SpendView {
  now: string | null;
  limit: string;
  percent: string | null;
  pace: PaceWord | null;
  bar: SpendBar;
  /** Beside the pace word: a projected end, or why there is none. */
  before: string;
  end: string | null;
  after: string;
  resetsAt: number | null;
}

const clamp = (value: number) => Math.round(Math.min(100, Math.max(0, value)) * 10) / 10;

function limitText(card: AccountCard): string {
  if (card.dailyLimitSource === 'unlimited') return 'no daily limit';
  if (card.dailyLimitMinor === null) return '/ — limit unknown';
  return `/ ${money(card.dailyLimitMinor, card.currency)}`;
}

/** `fallbackAt` stands in for the age of a figure that was never read. */
export function viewSpend(card: AccountCard, look: Look, isStale: boolean, fallbackAt: number): SpendView {
  const { spendMinor, currency } = card;
  const zone = knownZone(card.timezone);
  const at = card.metricsAt ?? fallbackAt;
  const limit = { minor: card.dailyLimitMinor, source: card.dailyLimitSource };
  const usual = card.expectedShare === null ? null : { share: card.expectedShare, limitAt: card.limitAt };
  const today = derivePace(spendMinor, limit, at, zone, usual);
  // An account that cannot deliver spends nothing more today: it is judged as if its day were over.
  const isStopped = look === 'stopped';
  const endAt = at + dayProgress(at, zone).leftMs;
  const pace = isStopped ? derivePace(spendMinor, limit, endAt - 1, zone) : today;
  const progress = deriveProgressPercent(spendMinor, limit);
  const isFrozen = look === 'lost' || isStale;
  const isReached = pace.word === 'LIMIT REACHED';
  const time = (instant: number) => `${clockTime(instant, zone)} ${zoneName(instant, zone)}`;
  const projected = isStopped ? spendMinor : today.projectedMinor;

  const bar: SpendBar = {
    kind: limit.source === 'unlimited' ? 'open' : limit.minor === null ? 'hatched' : 'limited',
    spent:
      limit.source === 'unlimited'
        ? clamp(spendMinor ? (today.projectedMinor ? spendMinor / today.projectedMinor : 0.08) * 100 : 0)
        : clamp(progress ?? 0),
    projected:
      isFrozen || isStopped || isReached || !limit.minor || projected === null
        ? null
        : clamp((projected / limit.minor) * 100),
    expected: today.expectedShare === null || isReached ? null : clamp(today.expectedShare * 100),
    isFull: isReached,
  };

  const view: SpendView = {
    now: spendMinor === null ? null : money(spendMinor, currency),
    limit: limitText(card),
    percent: progress === null ? null : percent(progress),
    pace: spendMinor === null && limit.minor !== null ? null : pace.word,
    bar,
    before: '',
    end: null,
    after: '',
    resetsAt: null,
  };
  if (spendMinor === null) return { ...view, before: notRead };
  if (look === 'lost') return { ...view, before: `frozen at ${time(at)}` };
  if (isStale) return { ...view, before: `as of ${time(at)}` };
  if (isReached) return { ...view, resetsAt: endAt };
  if (isStopped) {
    const since = card.stateSince === null ? 'stopped' : `stopped ${clockTime(card.stateSince, zone)}`;
    return { ...view, before: `${since} · ends ≈ `, end: roughMoney(spendMinor, currency) };
  }
  if (today.projectedMinor === null)
    return { ...view, before: `${age(dayProgress(at, zone).elapsedMs)} into the day` };
  const after =
    limit.minor === null
      ? ''
      : today.limitAt === null
        ? ' · limit not met'
        : ` · limit ≈ ${time(today.limitAt)}`;
  return { ...view, before: 'ends ≈ ', end: roughMoney(today.projectedMinor, currency), after };
}
