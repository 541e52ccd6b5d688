import type { ReactNode } from 'react';
import {
  ads,
  balanceDue,
  clickPrice,
  clicks,
  fundsLeft,
  limitTrend,
} from '../../account-card/card-figures.ts';
import { DeltaMark } from '../../account-card/figure.tsx';
import { bareClickCost, bareMoney, count, percent } from '../../kit/figures.ts';
import { age, clockTime, knownZone, monthDay, zoneName } from '../../kit/times.ts';
import { Tick } from '../../live/clock.tsx';
import { seenAt } from '../../live/moment.ts';
import { amount, cellOf, None, Unknown } from './cells.tsx';
import type { ColumnId } from './column-ids.ts';
import { LimitAtCell, PaceCell } from './pace-cell.tsx';
import type { RowFacts } from './row-facts.ts';

/** A column but for the first two, which have parts of their own. `head` stands over it, `name` says it in full. */
export interface Column {
  head: string;
  name: string;
  isNumber: boolean;
  cell: (facts: RowFacts) => ReactNode;
}

const dayMs = 86_400_000;
const text = (head: string, name: string, cell: Column['cell']): Column => ({
  head,
  name,
  isNumber: false,
  cell,
});
const number = (head: string, name: string, cell: Column['cell']): Column => ({
  head,
  name,
  isNumber: true,
  cell,
});
/** What an account that is dead had last is no figure of today. */
const living =
  (reason: string, cell: Column['cell']): Column['cell'] =>
  (facts) =>
    facts.isDead ? <Unknown reason={reason} /> : cell(facts);

function limitCell({ card }: RowFacts): ReactNode {
  if (card.dailyLimitSource === 'unlimited') return <None>no limit</None>;
  return amount(card.dailyLimitMinor, card.currency, 'limit unknown');
}

function capCell({ card }: RowFacts): ReactNode {
  if (card.spendCapSource === 'none') return <None>no cap</None>;
  return amount(card.spendCapMinor, card.currency, 'Meta does not say');
}

function limitChange({ card }: RowFacts): ReactNode {
  const { delta, note, words } = limitTrend(card);
  if (delta !== null) return <DeltaMark delta={delta} />;
  if (note !== null) return <None>0%</None>;
  if (words.kind === 'none') return <None>no limit</None>;
  return <Unknown reason={words.kind === 'unknown' ? words.reason : 'not known for seven days'} />;
}

function sinceCell({ card }: RowFacts): ReactNode {
  const { stateSince } = card;
  if (stateSince === null) return <Unknown reason="time not known" />;
  const zone = knownZone(card.timezone);
  const told = ({ now }: { now: number }) =>
    now - stateSince < dayMs
      ? `${clockTime(stateSince, zone)} ${zoneName(stateSince, zone)}`
      : monthDay(stateSince, zone);
  return <Tick text={told} />;
}

function ageCell({ card, isDead }: RowFacts): ReactNode {
  if (!isDead && card.metricsAt === null) return <Unknown reason="not read yet" />;
  return (
    <Tick
      text={(moment) => {
        const at = isDead ? seenAt(card, moment) : card.metricsAt;
        return at === null ? '—' : age(moment.now - at);
      }}
    />
  );
}

export const columns: Readonly<Record<Exclude<ColumnId, 'state' | 'account'>, Column>> = {
  vendor: text('Vendor', 'Vendor', ({ card }) => <span title={card.vendor}>{card.vendor}</span>),
  cur: text('Cur.', 'Currency', ({ card }) => card.currency),
  spend: number('Spend today', 'Spend today', ({ card }) =>
    amount(card.spendMinor, card.currency, 'not read yet'),
  ),
  limit: number('Daily limit', 'Daily limit', limitCell),
  progress: number('Of limit', 'Spend of the daily limit', ({ progress }) =>
    progress === null ? <Unknown reason="no limit known" /> : percent(progress),
  ),
  pace: text('Pace', 'Pace', (facts) => <PaceCell {...facts} />),
  projected: number(
    'Ends at ≈',
    'Projected end of the day',
    living('it spends no more', ({ card, pace }) =>
      pace?.projectedMinor == null ? (
        <Unknown reason="too early in the day" />
      ) : (
        bareMoney(pace.projectedMinor, card.currency)
      ),
    ),
  ),
  'limit-at': number('Limit met at', 'Limit met at, on the account’s clock', (facts) => (
    <LimitAtCell {...facts} />
  )),
  funds: number('Funds left', 'Funds left', ({ card }) =>
    cellOf(fundsLeft(card), () => bareMoney(card.fundsLeftMinor ?? 0, card.currency)),
  ),
  cpc: number(
    'CPC',
    'Cost per click',
    living('frozen', ({ card }) =>
      cellOf(clickPrice(card).words, () => bareClickCost(card.cpc ?? '', card.currency)),
    ),
  ),
  'cpc-change': number(
    'to 7 d',
    'Cost per click against the 7 days before',
    living('frozen', ({ card }) => {
      if (card.cpcChangePercent === null) return <Unknown reason="not enough clicks to compare" />;
      const { delta } = clickPrice(card);
      return delta === null ? <None>0%</None> : <DeltaMark delta={delta} />;
    }),
  ),
  clicks: number(
    'Clicks out',
    'Outbound clicks today',
    living('see lifetime clicks', ({ card }) =>
      cellOf(clicks(card.outboundClicks), () => count(card.outboundClicks ?? 0)),
    ),
  ),
  'limit-change': number('Limit, 7 d', 'Change of the daily limit in 7 days', living('frozen', limitChange)),
  ads: number('Ads', 'Active ads', ({ card }) => cellOf(ads(card).words, () => count(card.activeAds ?? 0))),
  'all-ads': number('All ads', 'All ads', ({ card }) =>
    cellOf(clicks(card.totalAds), () => count(card.totalAds ?? 0)),
  ),
  due: number('Due', 'Balance due', ({ card }) =>
    cellOf(balanceDue(card), () => bareMoney(card.balanceDueMinor ?? 0, card.currency)),
  ),
  cap: number('Spend cap', 'Spend cap', capCell),
  lifetime: number('Clicks ever', 'Lifetime clicks', ({ card }) =>
    cellOf(clicks(card.lifetimeClicks), () => count(card.lifetimeClicks ?? 0)),
  ),
  since: number('Since', 'In this state since', sinceCell),
  zone: text('Zone', 'Time zone', ({ card }) => card.timezone || <Unknown reason="not read yet" />),
  connection: text('Connection', 'Connection', ({ card }) => card.connection),
  tags: text('Tags', 'Tags', ({ card }) =>
    card.tags.length === 0 ? <Unknown reason="no tags" /> : card.tags.join(', '),
  ),
  age: number('Age', 'Age of the figures', ageCell),
};

/** The head and the full name of any column. */
export function wordsOf(id: ColumnId): Pick<Column, 'head' | 'name' | 'isNumber'> {
  if (id === 'state') return { head: 'State', name: 'State', isNumber: false };
  if (id === 'account') return { head: 'Account', name: 'Account', isNumber: false };
  return columns[id];
}
