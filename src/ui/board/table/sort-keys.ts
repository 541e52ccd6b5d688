import { minorPerMajor } from '../../../domain/money.ts';
import { changePercent } from '../../../domain/trend.ts';
import type { Rates } from '../../../domain/exchange.ts';
import type { ColumnId, Sort } from './column-ids.ts';
import type { RowFacts, SortKey } from './row-facts.ts';
import { moneyKey, severityKey } from './row-facts.ts';

type KeyOf = (facts: RowFacts, rates: Rates) => SortKey;

const keys: Readonly<Record<ColumnId, KeyOf>> = {
  state: severityKey,
  account: ({ card }) => (card.name ?? card.accountId).toLowerCase(),
  vendor: ({ card }) => card.vendor.toLowerCase(),
  cur: ({ card }) => card.currency,
  spend: ({ card }, rates) => moneyKey(card.spendMinor, card, rates),
  limit: ({ card }, rates) =>
    card.dailyLimitSource === 'unlimited' ? Infinity : moneyKey(card.dailyLimitMinor, card, rates),
  progress: ({ progress }) => progress,
  pace: ({ card, pace, isDead, progress }) =>
    isDead
      ? null
      : pace?.projectedMinor && card.dailyLimitMinor
        ? pace.projectedMinor / card.dailyLimitMinor
        : progress,
  projected: ({ card, pace, isDead }, rates) =>
    isDead ? null : moneyKey(pace?.projectedMinor ?? null, card, rates),
  'limit-at': ({ pace, isDead }) => (isDead ? null : (pace?.limitAt ?? null)),
  funds: ({ card }, rates) =>
    card.spendCapSource === 'none' ? Infinity : moneyKey(card.fundsLeftMinor, card, rates),
  cpc: ({ card, isDead }, rates) =>
    isDead || card.cpc === null
      ? null
      : moneyKey(Number(card.cpc) * minorPerMajor(card.currency), card, rates),
  'cpc-change': ({ card, isDead }) => (isDead ? null : card.cpcChangePercent),
  clicks: ({ card, isDead }) => (isDead ? null : card.outboundClicks),
  'limit-change': ({ card: { dailyLimitBeforeMinor: from, dailyLimitMinor: to }, isDead }) =>
    isDead || from === null || to === null ? null : changePercent(from, to),
  ads: ({ card }) => card.activeAds,
  'all-ads': ({ card }) => card.totalAds,
  due: ({ card }, rates) => moneyKey(card.balanceDueMinor, card, rates),
  cap: ({ card }, rates) =>
    card.spendCapSource === 'none' ? Infinity : moneyKey(card.spendCapMinor, card, rates),
  lifetime: ({ card }) => card.lifetimeClicks,
  since: ({ card }) => card.stateSince,
  zone: ({ card }) => card.timezone,
  connection: ({ card }) => card.connection.toLowerCase(),
  tags: ({ card }) => card.tags.join(' ') || null,
  // The oldest figures first when it goes down.
  age: ({ card }) => (card.metricsAt === null ? null : -card.metricsAt),
};

/** The columns that are words: they are first wanted from A to Z, the others from the largest down. */
const words: ReadonlySet<ColumnId> = new Set(['account', 'vendor', 'cur', 'zone', 'connection', 'tags']);

/** What a press on a head asks for: its order, the other way round, then the board's own order again. */
export function nextSort(now: Sort | null, column: ColumnId): Sort | null {
  const firstDown = !words.has(column);
  if (now?.column !== column) return { column, isDown: firstDown };
  return now.isDown === firstDown ? { column, isDown: !firstDown } : null;
}

/** The rows in this order. What is not known stands last, whichever way; equal rows keep their places. */
export function sortRows(rows: readonly RowFacts[], { column, isDown }: Sort, rates: Rates): RowFacts[] {
  const keyOf = keys[column];
  const keyed = rows.map((facts) => ({ facts, key: keyOf(facts, rates) }));
  const way = isDown ? -1 : 1;
  keyed.sort(({ key: a }, { key: b }) => {
    if (a === b) return 0;
    if (a === null) return 1;
    if (b === null) return -1;
    return (a < b ? -1 : 1) * way;
  });
  return keyed.map(({ facts }) => facts);
}
