import { minorPerMajor } from '../../domain/money.ts';
import { clickCost, count, limitMoney, money } from '../kit/figures.ts';
import type { ChartData, SeriesName } from './chart-data.ts';

/** How a series is drawn; never told apart by colour alone. */
export type Stroke = 'solid' | 'dashed' | 'dotted';

export interface SeriesSpec {
  name: SeriesName;
  label: string;
  stroke: Stroke;
  /** Holds its value until the next one. */
  isStepped: boolean;
  /** Filled below, or drawn as a bar where a point is a whole day. */
  isArea: boolean;
  /** Which axis it is measured on. */
  scale: 'y' | 'y2';
  /** What stands where there is no value. */
  nothing: string;
}

export interface ChartSpec {
  id: string;
  title: string;
  height: number;
  series: SeriesSpec[];
  /** The exact value in words. */
  exact(value: number, currency: string): string;
  /** A label of the axis. */
  short(value: number, currency: string): string;
}

const minor = (value: number, currency: string) => Math.round(value * minorPerMajor(currency));
const exactMoney = (value: number, currency: string) => money(minor(value, currency), currency);
const shortMoney = (value: number, currency: string) => limitMoney(minor(value, currency), currency).text;
const costs = (value: number, currency: string) => clickCost(String(value), currency);
const counts = (value: number) => count(Math.round(value));

const line = (name: SeriesName, label: string, more: Partial<SeriesSpec> = {}): SeriesSpec => ({
  ...{ name, label, stroke: 'solid', isStepped: false, isArea: false, scale: 'y', nothing: 'not read' },
  ...more,
});

/** The charts of an account's page, the daily question first. */
export const chartSpecs: readonly ChartSpec[] = [
  {
    ...{ id: 'spend', title: 'Spend against limit', height: 232, exact: exactMoney, short: shortMoney },
    series: [
      line('spend', 'spend of the account-day', { isArea: true }),
      line('limit', 'daily limit', { stroke: 'dashed', isStepped: true, nothing: 'none or not known' }),
    ],
  },
  {
    ...{ id: 'cpc', title: 'CPC and cost per outbound click', height: 168, exact: costs, short: costs },
    series: [
      line('cpc', 'CPC', { nothing: 'no clicks' }),
      line('outboundCost', 'cost per outbound click', { stroke: 'dotted', nothing: 'no outbound clicks' }),
    ],
  },
  {
    ...{ id: 'clicks', title: 'Clicks', height: 168, exact: counts, short: counts },
    series: [
      line('clicks', 'clicks of the account-day', { isArea: true }),
      line('outboundClicks', 'of them outbound', { stroke: 'dotted' }),
    ],
  },
  {
    ...{ id: 'ads', title: 'Active ads', height: 140, exact: counts, short: counts },
    series: [
      line('activeAds', 'active ads', { isStepped: true, isArea: true }),
      line('totalAds', 'all ads', { stroke: 'dotted', isStepped: true }),
    ],
  },
  {
    ...{ id: 'caps', title: 'Daily limit and spend cap', height: 152, exact: exactMoney, short: shortMoney },
    series: [
      line('limit', 'daily limit', { stroke: 'dashed', isStepped: true, nothing: 'none or not known' }),
      line('cap', 'spend cap, axis on the right', {
        isStepped: true,
        scale: 'y2',
        nothing: 'none or not known',
      }),
    ],
  },
];

/** A value of a series in words, or what stands in its place. */
export function valueWords(
  spec: ChartSpec,
  series: SeriesSpec,
  data: ChartData,
  place: number,
  currency: string,
): string {
  const value = data[series.name][place];
  return value === null || value === undefined ? `— ${series.nothing}` : spec.exact(value, currency);
}
