import type { AccountPageView } from '../../contract/account-page.ts';
import { dayProgress } from '../../domain/calendar.ts';
import { costPerClick } from '../../domain/money.ts';
import { deriveFundsEta } from '../../domain/pace.ts';
import type { Words } from '../account-card/card-figures.ts';
import { clickCost, money } from '../kit/figures.ts';
import { age, clockTime, knownZone, monthDay, zoneName } from '../kit/times.ts';

/** What a click to the outside costs on the day in question. */
export function outboundCost({ card: { currency }, day }: Pick<AccountPageView, 'card' | 'day'>): Words {
  if (day === null) return { kind: 'unknown', reason: 'not read' };
  const cost = costPerClick(day.spendMinor, day.outboundClicks, currency);
  return cost === null
    ? { kind: 'unknown', reason: 'no outbound clicks' }
    : { kind: 'figure', figure: { text: clickCost(cost, currency), exact: null } };
}

/** When the funds end if the day goes on as it went; null where there is nothing that could end. */
export function fundsEnd({ card }: Pick<AccountPageView, 'card'>): string | null {
  const { fundsLeftMinor, metricsAt, spendMinor } = card;
  if (fundsLeftMinor === null || metricsAt === null) return null;
  if (fundsLeftMinor === 0) return 'nothing is left';
  const zone = knownZone(card.timezone);
  const limit = { minor: card.dailyLimitMinor, source: card.dailyLimitSource };
  const etaMs = deriveFundsEta(spendMinor, fundsLeftMinor, limit, dayProgress(metricsAt, zone));
  if (etaMs === null) return 'too early in its day to say when they end';
  if (etaMs === Infinity) return 'nothing is spent today';
  const at = metricsAt + etaMs;
  const when = etaMs < 86_400_000 ? `${clockTime(at, zone)} ${zoneName(at, zone)}` : monthDay(at, zone);
  return `end in ≈ ${age(etaMs)} at this pace, ${when}`;
}

/** Of which ceiling the funds are what is left. */
export function capWords({ card }: Pick<AccountPageView, 'card'>): string | null {
  return card.spendCapMinor === null ? null : `of a ${money(card.spendCapMinor, card.currency)} cap`;
}

/** From the day that ArbHub found it to its end, or till now. */
export function life(view: Pick<AccountPageView, 'card' | 'dateAdded' | 'archivedAt' | 'now'>): {
  words: string;
  note: string;
} {
  const { card, dateAdded, archivedAt, now } = view;
  const isDead = card.state === 'suspended' || card.state === 'closing' || card.state === 'closed';
  const end = (isDead ? card.stateSince : null) ?? archivedAt ?? now;
  const added = `found ${monthDay(dateAdded, knownZone(card.timezone))}`;
  // Meta's log may date a death to before we came.
  if (end < dateAdded) return { words: '—', note: `${added}, dead by then` };
  return { words: age(end - dateAdded), note: isDead ? `${added}, till its end` : `since it was ${added}` };
}
