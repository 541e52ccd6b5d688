import type { AccountHistory } from '../../contract/account-history.ts';
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

/** Where lines have to begin, break or step besides the points themselves; sorted, and never at a point. */
function marksOf({ range, points, steps, unread, dawns, to }: AccountHistory): { x: number; mark: Mark }[] {
  const own = new Set(points.at);
  const marks: { x: number; mark: Mark }[] = [];
  for (const x of steps.at) if (!own.has(x)) marks.push({ x, mark: 'step' });
  // Beside whole seconds, so that no point is pushed aside.
  for (const hole of unread) marks.push({ x: hole.from + 0.25, mark: 'hole' });
  for (const dawn of range === '90d' ? [] : dawns) {
    marks.push({ x: dawn - 0.5, mark: 'dawn' });
    if (!own.has(dawn) && isFollowed(points, dawn)) marks.push({ x: dawn, mark: 'zero' });
  }
  if (!own.has(to)) marks.push({ x: to, mark: 'end' });
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
  // Bars know no breaks, and a break beside them would make them thin.
  const broken = history.range === '90d' ? undefined : null;
  const data: ChartData = {
    ...{ x: [], point: [], spend: [], clicks: [], outboundClicks: [], cpc: [], outboundCost: [] },
    ...{ limit: [], cap: [], activeAds: [], totalAds: [] },
  };
  let step = -1;
  let hole = 0;
  const put = (x: number, place: number, daily: ChartValue, lasting: ChartValue, isUnread: boolean) => {
    while ((steps.at[step + 1] ?? Infinity) <= x) step += 1;
    const isPoint = place >= 0;
    const spend = points.spendMinor[place] ?? null;
    const outbound = points.outboundClicks[place] ?? null;
    const micro = points.cpcMicro[place] ?? null;
    data.x.push(x);
    data.point.push(place);
    data.spend.push(isPoint ? spend && spend / per : daily);
    data.clicks.push(isPoint ? (points.clicks[place] ?? null) : daily);
    data.outboundClicks.push(isPoint ? outbound : daily);
    data.cpc.push(isPoint ? micro && micro / 1_000_000 : lasting);
    data.outboundCost.push(isPoint ? costOf(spend, outbound, per) : lasting);
    const limit = isUnread ? null : (steps.limitMinor[step] ?? null);
    const cap = isUnread ? null : (steps.capMinor[step] ?? null);
    data.limit.push(limit && limit / per);
    data.cap.push(cap && cap / per);
    data.activeAds.push(isUnread ? null : (steps.activeAds[step] ?? null));
    data.totalAds.push(isUnread ? null : (steps.totalAds[step] ?? null));
  };
  const marks = marksOf(history);
  let next = 0;
  const putMarks = (until: number) => {
    for (let one = marks[next]; one !== undefined && one.x < until; one = marks[++next]) {
      while ((unread[hole]?.to ?? Infinity) <= one.x) hole += 1;
      const isUnread = (unread[hole]?.from ?? Infinity) < one.x;
      // A gap ends at the very next place, so that every place within a hole has to say it.
      const daily = isUnread || one.mark === 'dawn' ? broken : one.mark === 'zero' ? 0 : undefined;
      put(one.x, -1, daily, isUnread ? null : undefined, isUnread);
    }
  };
  points.at.forEach((at, place) => {
    putMarks(at);
    put(at, place, undefined, undefined, false);
  });
  putMarks(Infinity);
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
