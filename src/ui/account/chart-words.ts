import type { AccountHistory } from '../../contract/account-history.ts';
import { deriveProgressPercent } from '../../domain/pace.ts';
import { percent } from '../kit/figures.ts';
import { clockTime, monthDay, stamp, zoneName } from '../kit/times.ts';
import type { ChartData } from './chart-data.ts';
import { type ChartSpec, valueWords } from './chart-specs.ts';
import { stateWords } from './state-words.ts';

/** The state at an instant (epoch seconds). Of the time before the account was watched nothing is said. */
export function stateAt({ states }: Pick<AccountHistory, 'states'>, at: number): string {
  const span = states.findLast(({ from, to }) => at >= from && at <= to);
  return span === undefined ? 'state not watched' : stateWords(span);
}

/** What the crosshair points at, in words. */
export function readout(
  spec: ChartSpec,
  history: AccountHistory,
  data: ChartData,
  place: number,
  zone: string,
): string {
  const at = (data.x[place] ?? history.to) * 1000;
  const day = wholeDay(history, data, place, zone);
  const when = day ?? `${stamp(at, zone)} ${zoneName(at, zone)}`;
  const values = spec.series.map(
    (series) =>
      `${series.label.replace(/, axis.*/, '')} ${valueWords(spec, series, data, place, history.currency)}`,
  );
  const progress = spec.id === 'spend' ? progressAt(data, place) : null;
  const share = progress === null ? [] : [`${percent(progress)} of the limit`];
  return [when, ...values, ...share, stateAt(history, data.x[place] ?? 0)].join(' · ');
}

/** A point that stands for a whole day is named by it; the last one may still run. */
export function wholeDay(
  history: AccountHistory,
  data: ChartData,
  place: number,
  zone: string,
): string | null {
  const span = history.points.span[data.point[place] ?? -1] ?? 0;
  if (span < 23 * 3600) return null;
  const at = data.x[place] ?? 0;
  const isRunning = history.range === '90d' && at + span > history.to;
  return `${monthDay(at * 1000, zone)}, ${isRunning ? 'so far' : 'whole day'}`;
}

function progressAt(data: ChartData, place: number): number | null {
  const limit = data.limit[place] ?? null;
  return deriveProgressPercent(data.spend[place] ?? null, { minor: limit, source: 'meta' });
}

const two = (at: number, zone: string) => `${monthDay(at * 1000, zone)}, ${clockTime(at * 1000, zone)}`;

/** A stretch in words: `Nov 23, 01:22 to Nov 24, 10:22`. */
export function stretchWords({ from, to }: { from: number; to: number }, end: number, zone: string): string {
  return `${two(from, zone)} to ${to >= end ? 'now' : two(to, zone)}`;
}

/** What the chart tells, for whoever does not see it. */
export function chartName(spec: ChartSpec, history: AccountHistory, data: ChartData, zone: string): string {
  const parts = spec.series.map((series) => {
    const label = series.label.replace(/, axis.*/, '');
    const exact = (value: number) => spec.exact(value, history.currency);
    let [low, high, last] = [Infinity, -Infinity, 0];
    for (const value of data[series.name]) {
      if (value === null || value === undefined) continue;
      if (value < low) low = value;
      if (value > high) high = value;
      last = value;
    }
    if (low > high) return `${label}: nothing known`;
    return `${label} from ${exact(low)} to ${exact(high)}, last ${exact(last)}`;
  });
  const time = `${two(history.from, zone)} to ${two(history.to, zone)}`;
  const holes = history.unread.length;
  const unread = holes === 0 ? '' : ` Not read ${holes === 1 ? 'once' : `${holes} times`}.`;
  return `${spec.title}, ${time}: ${parts.join('; ')}.${unread}`;
}
