import type { CurrencyTrend, DaySum } from '../../contract/analytics.ts';
import { money } from '../kit/figures.ts';
import { Icon } from '../kit/icon.tsx';
import { AsTable } from './as-table.tsx';
import { costWords, dayWords, figureWords, type Unit } from './chart-words.ts';
import { LineChart } from './line-chart.tsx';
import { plural } from './vendor-words.ts';

/** Spend and what a click cost, day by day: the currency with most accounts in full, the others when they are opened. */
export function Trends({ trends }: { trends: readonly CurrencyTrend[] }) {
  const [first, ...others] = trends;
  if (first === undefined) return null;
  return (
    <>
      <section className="panel" aria-labelledby="trend">
        <div className="panel__head">
          <h2 id="trend">{first.currency}</h2>
          <p className="muted">{totalWords(first)}</p>
        </div>
        <Figures trend={first} />
      </section>
      {others.map((trend) => (
        <details key={trend.currency} className="panel trend">
          <summary className="panel__head">
            <Icon name="behind" />
            <h2>{trend.currency}</h2>
            <span className="muted">{totalWords(trend)}</span>
          </summary>
          <Figures trend={trend} />
        </details>
      ))}
    </>
  );
}

function totalWords({ currency, total, accounts }: CurrencyTrend): string {
  const cost = (clicks: number) => costWords(total.spendMinor / clicks, currency);
  return [
    `${money(total.spendMinor, currency)} on ${plural(total.accounts, 'closed account-day', 'closed account-days')} of ${plural(accounts, 'account', 'accounts')}`,
    ...(total.clicks > 0 ? [`CPC ${cost(total.clicks)}`] : []),
    ...(total.outboundClicks > 0 ? [`${cost(total.outboundClicks)} per outbound click`] : []),
  ].join(', ');
}

function Figures({ trend }: { trend: CurrencyTrend }) {
  const { currency } = trend;
  return (
    <div className="panel__body trends">
      <Figure
        trend={trend}
        title="Spend per day"
        unit={{ of: 'money', currency }}
        valueOf={({ spendMinor }) => spendMinor}
        size="large"
      />
      <Figure
        trend={trend}
        title="CPC"
        unit={{ of: 'cost', currency }}
        valueOf={({ spendMinor, clicks }) => (clicks > 0 ? spendMinor / clicks : null)}
      />
      <Figure
        trend={trend}
        title="Cost per outbound click"
        unit={{ of: 'cost', currency }}
        valueOf={({ spendMinor, outboundClicks }) =>
          outboundClicks > 0 ? spendMinor / outboundClicks : null
        }
      />
    </div>
  );
}

interface FigureProps {
  trend: CurrencyTrend;
  title: string;
  unit: Unit;
  valueOf: (sum: DaySum) => number | null;
  size?: 'large';
}

function Figure({ trend, title, unit, valueOf, size }: FigureProps) {
  const { currency, days, unfinishedFrom } = trend;
  const lines = trend.lines.map((line) => ({
    name: line.name,
    values: line.days.map((sum) => (sum === null ? null : valueOf(sum))),
  }));
  const caption = `${title} in ${currency}`;
  return (
    <div className="trends__one" data-size={size}>
      <LineChart
        title={title}
        story={storyOf(caption, trend, lines, unit)}
        xs={days.map((day) => Date.parse(`${day}T00:00:00Z`) / 1000)}
        lines={lines}
        across="day"
        unit={unit}
        unfinishedFrom={unfinishedFrom < days.length ? unfinishedFrom : null}
        {...(size === undefined ? {} : { size })}
      />
      <AsTable
        caption={caption}
        head={['Day', ...lines.map(({ name }) => name)]}
        rows={days
          .map((day, n) => [
            `${dayWords(day)}${n >= unfinishedFrom ? ', not over yet' : ''}`,
            ...lines.map(({ values }) => figureWords(values[n] ?? null, unit)),
          ])
          .reverse()}
      />
    </div>
  );
}

function storyOf(
  caption: string,
  { days, unfinishedFrom }: CurrencyTrend,
  lines: readonly { name: string; values: readonly (number | null)[] }[],
  unit: Unit,
): string {
  const last = unfinishedFrom - 1;
  const each = lines.map(({ name, values }) => {
    const first = values.findIndex((value) => value !== null);
    const from =
      first < 0 || first > last
        ? null
        : `${figureWords(values[first] ?? null, unit)} on ${dayWords(days[first] ?? '')}`;
    const to = `${figureWords(values[last] ?? null, unit)} on ${dayWords(days[last] ?? '')}`;
    return from === null ? `${name} has no closed day` : `${name} from ${from} to ${to}`;
  });
  return `${caption}: ${each.join('; ')}.`;
}
