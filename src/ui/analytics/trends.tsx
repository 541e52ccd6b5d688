import type { CurrencyTrend, DaySum } from '../../contract/analytics.ts';
import { count, money } from '../kit/figures.ts';
import { AsTable } from './as-table.tsx';
import { costWords, dayWords, figureWords, type Unit } from './chart-words.ts';
import { LineChart } from './line-chart.tsx';

/** Spend and what a click cost, day by day, in one currency. */
export function Trend({ trend }: { trend: CurrencyTrend }) {
  const { currency, total, accounts } = trend;
  const id = `trend-${currency}`;
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel__head">
        <h2 id={id}>{currency}</h2>
        <p className="muted">
          {money(total.spendMinor, currency)} on {count(total.accounts)} closed account-days of{' '}
          {count(accounts)} {accounts === 1 ? 'account' : 'accounts'}
          {total.clicks > 0 && <>, CPC {costWords(total.spendMinor / total.clicks, currency)}</>}
          {total.outboundClicks > 0 && (
            <>, {costWords(total.spendMinor / total.outboundClicks, currency)} per outbound click</>
          )}
        </p>
      </div>
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
    </section>
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
