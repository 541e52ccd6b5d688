import type { Replay } from '../../contract/account-page.ts';
import { money } from '../kit/figures.ts';
import { stepWords } from './event-words.ts';
import { stateWords } from './state-words.ts';

/** One thing that came before the end: when, counted back from it, and what. */
export interface Finding {
  at: number;
  when: string;
  text: string;
}

const minute = 60_000;
const hour = 60 * minute;
/** Rejections that are no further apart are told together. */
const together = 2 * hour;
/** A charge that failed this near to a change of state belongs to it. */
const near = 5 * minute;
const mostNamed = 4;

/** `9 h before`, `40 min before`; several with one unit: `31 and 6 h before`. */
export function hoursBefore(times: readonly number[], diedAt: number): string {
  const whole = times.map((at) => diedAt - at);
  if (whole.length === 1) {
    const [ms = 0] = whole;
    return ms < hour
      ? `${Math.max(1, Math.round(ms / minute))} min before`
      : `${Math.round(ms / hour)} h before`;
  }
  const hours = [...new Set(whole.map((ms) => Math.max(1, Math.round(ms / hour))))].sort((a, b) => b - a);
  if (hours.length === 1) return `${hours[0]} h before`;
  if (hours.length > 3) return `${hours[0]} to ${hours.at(-1)} h before`;
  return `${hours.slice(0, -1).join(', ')} and ${hours.at(-1)} h before`;
}

/** `…4410` */
export const shortAccount = (accountId: string) => `…${accountId.slice(-4)}`;

export const tieWords: Readonly<Record<Replay['siblings'][number]['tie'], string>> = {
  business: 'same Business Manager',
  vendor: 'same vendor',
  connection: 'same connection',
};

/** Plain sentences of what preceded the end, oldest first; only what the data tells. */
export function findings(replay: Replay, currency: string): Finding[] {
  const { diedAt } = replay;
  const found: Finding[] = [];
  const tell = (times: readonly number[], text: string) =>
    found.push({ at: times[0] ?? diedAt, when: hoursBefore(times, diedAt), text });

  const failed = replay.payments.filter(({ isFailed }) => isFailed);
  const trouble = replay.spans.filter(({ state }) => state !== 'active');
  for (const span of trouble) {
    const isFailing = failed.some(({ at }) => Math.abs(at - span.from) <= near);
    const words = `${stateWords(span)}${isFailing ? ' after a charge that failed' : ''}`;
    if (span.from <= replay.from) found.push({ at: replay.from, when: 'From the beginning', text: words });
    else tell([span.from], words);
  }
  for (const { at } of failed)
    if (!trouble.some(({ from }) => Math.abs(at - from) <= near)) tell([at], 'a charge failed');

  for (const group of groupsOf(replay.rejected)) {
    const ads = group.reduce((sum, one) => sum + one.ads, 0);
    tell([group[0]?.at ?? diedAt], `${ads} ${ads === 1 ? 'ad' : 'ads'} rejected by Meta’s review`);
  }
  replay.limits.forEach(({ at, minor, source }, place) => {
    const before = replay.limits[place - 1];
    if (before === undefined || source === 'unknown' || before.source === 'unknown') return;
    tell([at], `daily limit ${stepWords(before.minor, minor, currency, 'no limit')}`);
  });
  for (const tie of ['business', 'vendor', 'connection'] as const) {
    const dead = replay.siblings.filter((one) => one.tie === tie).toSorted((a, b) => a.at - b.at);
    if (dead.length === 0) continue;
    const named = dead.slice(-mostNamed).map(({ accountId }) => shortAccount(accountId));
    const more = dead.length - named.length;
    const names = more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
    const whose = dead.length === 1 ? 'another account' : `${dead.length} other accounts`;
    tell(
      dead.map(({ at }) => at),
      `${whose} of the ${tieWords[tie]} suspended (${names})`,
    );
  }
  const spent = lastDays(replay);
  if (spent !== null) {
    const [before, last] = spent.map((minor) => money(minor, currency));
    found.push({ at: diedAt, when: 'Last 24 h', text: `spent ${last}; in the 24 h before, ${before}` });
  }
  return found.sort((a, b) => a.at - b.at);
}

function groupsOf(rejected: Replay['rejected']): Replay['rejected'][] {
  const groups: Replay['rejected'][] = [];
  for (const one of rejected) {
    const last = groups.at(-1)?.at(-1);
    if (last !== undefined && one.at - last.at <= together) groups.at(-1)?.push(one);
    else groups.push([one]);
  }
  return groups;
}

/** What the two last days before the end spent; null unless every hour of both is known. */
function lastDays({ hours, diedAt }: Replay): [number, number] | null {
  const sum = (from: number, to: number) => {
    const bars = hours.filter(({ at }) => at >= from && at < to);
    if (bars.length < 24 || bars.some(({ spendMinor }) => spendMinor === null)) return null;
    return bars.reduce((total, { spendMinor }) => total + (spendMinor ?? 0), 0);
  };
  // The hour in which it ended is not whole.
  const end = (hours.findLast(({ at }) => at + hour <= diedAt)?.at ?? diedAt) + hour;
  const [before, last] = [sum(end - 48 * hour, end - 24 * hour), sum(end - 24 * hour, end)];
  return before === null || last === null ? null : [before, last];
}
