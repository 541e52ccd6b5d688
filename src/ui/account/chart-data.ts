import type { AccountHistory } from '../../contract/account-history.ts';
import { addDays, localDay, startOfDay } from '../../domain/calendar.ts';
import { minorPerMajor } from '../../domain/money.ts';

/** A value, nothing known (the line breaks), or no word of this series here (the line goes on). */
export type ChartValue = number | null | undefined;

/** All series of an account on one axis of instants (epoch seconds). Money in major units. */
export interface ChartData {
  x: number[];
  /** Which place of the history's points stands here; -1 where only a step, a midnight or a hole does. */
  point: number[];
  spend: ChartValue[];
  clicks: ChartValue[];
  outboundClicks: ChartValue[];
  cpc: ChartValue[];
  outboundCost: ChartValue[];
  limit: ChartValue[];
  cap: ChartValue[];
  activeAds: ChartValue[];
  totalAds: ChartValue[];
}

export type SeriesName = Exclude<keyof ChartData, 'x' | 'point'>;

type Mark = 'point' | 'step' | 'dawn' | 'zero' | 'hole' | 'end';

/** Where lines have to begin, break or step, besides the points themselves; sorted. */
function marksOf(history: AccountHistory): { x: number; mark: Mark; place: number }[] {
  const { points, steps, unread, from, to, timezone } = history;
  const marks = points.at.map((x, place) => ({ x, mark: 'point' as Mark, place }));
  const own = new Set(points.at);
  for (const at of steps.at) if (!own.has(at)) marks.push({ x: at, mark: 'step', place: -1 });
  // Beside whole seconds, so that no point is pushed aside.
  for (const hole of unread) marks.push({ x: hole.from + 0.25, mark: 'hole', place: -1 });
  if (history.range !== '90d')
    for (let day = localDay(from * 1000, timezone); ; day = addDays(day, 1)) {
      const x = startOfDay(day, timezone) / 1000 - 0.5;
      if (x > to) break;
      if (x > from) marks.push({ x, mark: 'dawn', place: -1 });
      const dawn = x + 0.5;
      if (dawn >= from && !own.has(dawn) && isFollowed(points, dawn))
        marks.push({ x: dawn, mark: 'zero', place: -1 });
    }
  if (!own.has(to)) marks.push({ x: to, mark: 'end', place: -1 });
  return marks.sort((a, b) => a.x - b.x);
}

/** Whether the day's first reading came so early that the day's beginning at 0 is part of its line. */
function isFollowed({ at, span }: AccountHistory['points'], dawn: number): boolean {
  const next = at.findIndex((one) => one > dawn);
  const length = span[next] ?? 0;
  // A figure of a whole day says nothing of how it grew.
  return next >= 0 && length < 23 * 3600 && (at[next] ?? 0) - dawn <= 2 * length;
}

/**
 * The columns of a history as the charts draw them. What was not read breaks every line; figures of the account-day begin anew
 * at midnight; limits and ads hold from their step on.
 */
export function chartData(history: AccountHistory): ChartData {
  const { points, steps, unread, currency } = history;
  const per = minorPerMajor(currency);
  const isByDay = history.range === '90d';
  const data: ChartData = {
    ...{ x: [], point: [], spend: [], clicks: [], outboundClicks: [], cpc: [], outboundCost: [] },
    ...{ limit: [], cap: [], activeAds: [], totalAds: [] },
  };
  let step = -1;
  let hole = 0;
  for (const { x, mark, place } of marksOf(history)) {
    while ((steps.at[step + 1] ?? Infinity) <= x) step += 1;
    while ((unread[hole]?.to ?? Infinity) <= x) hole += 1;
    const isUnread = mark !== 'point' && (unread[hole]?.from ?? Infinity) < x;
    // Bars know no breaks, and a break beside them would make them thin.
    const broken = isByDay ? undefined : null;
    const isBroken = mark === 'hole' || isUnread;
    const daily = mark === 'zero' ? 0 : isBroken || mark === 'dawn' ? broken : undefined;
    // A gap ends at the very next place, so that every place within a hole has to say it.
    const lasting = isBroken ? null : undefined;
    const [spend, outbound] = [points.spendMinor[place] ?? null, points.outboundClicks[place] ?? null];
    const micro = points.cpcMicro[place] ?? null;
    const isPoint = mark === 'point';
    data.x.push(x);
    data.point.push(place);
    data.spend.push(isPoint ? spend && spend / per : daily);
    data.clicks.push(isPoint ? (points.clicks[place] ?? null) : daily);
    data.outboundClicks.push(isPoint ? outbound : daily);
    data.cpc.push(isPoint ? micro && micro / 1_000_000 : lasting);
    data.outboundCost.push(isPoint ? costOf(spend, outbound, per) : lasting);
    const standing = (column: readonly (number | null)[]) => (isUnread ? null : (column[step] ?? null));
    const [limit, cap] = [standing(steps.limitMinor), standing(steps.capMinor)];
    data.limit.push(limit && limit / per);
    data.cap.push(cap && cap / per);
    data.activeAds.push(standing(steps.activeAds));
    data.totalAds.push(standing(steps.totalAds));
  }
  return data;
}

function costOf(spendMinor: number | null, clicks: number | null, per: number): number | null {
  return spendMinor === null || clicks === null || clicks <= 0 ? null : spendMinor / per / clicks;
}

/** Places whose value has no neighbour to be joined with: a line would not show them. */
export function lonePlaces(values: readonly ChartValue[]): number[] {
  const lone: number[] = [];
  let before: ChartValue = null;
  let last = -1;
  const settle = (after: ChartValue) => {
    if (last >= 0 && before === null && after === null) lone.push(last);
  };
  values.forEach((value, place) => {
    if (value === undefined) return;
    settle(value);
    before = last >= 0 ? (values[last] ?? null) : null;
    if (value === null) {
      last = -1;
      return;
    }
    last = place;
  });
  settle(null);
  return lone;
}
