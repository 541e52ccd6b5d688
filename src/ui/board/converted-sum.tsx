import type { BoardRate } from '../../contract/board-view.ts';
import { utcDay } from '../../domain/calendar.ts';
import { convertSums, ratesAge, type Rates } from '../../domain/exchange.ts';
import { roughMoney } from '../kit/figures.ts';
import { dayMonth } from '../kit/times.ts';
import type { Totals } from './totals.ts';

interface ConvertedProps {
  totals: Totals;
  rates: Rates;
  currency: string;
  /** Epoch ms of the figures: rates are old or not at that moment. */
  asOf: number;
  onCurrency: (currency: string) => void;
}

/** The currencies that a total can be shown in. */
function targets(rates: Iterable<BoardRate>, current: string): string[] {
  return [...new Set([current, 'EUR', ...[...rates].map((rate) => rate.currency)])].sort();
}

/**
 * Spent today over all currencies, as a near figure with the day of its rates. Nothing at all while there is one currency only
 * or no rate is known.
 */
export function ConvertedSum({ totals, rates, currency, asOf, onCurrency }: ConvertedProps) {
  const { byCurrency } = totals;
  if (rates.size === 0 || byCurrency.every((sum) => sum.currency === currency)) return null;
  const sum = convertSums(byCurrency, currency, rates);
  const age = sum && ratesAge(sum, utcDay(asOf));
  const { from, to } = sum?.days ?? { from: null, to: null };
  return (
    <span className="converted">
      {sum === null ? (
        `no rate of ${currency} is known`
      ) : (
        <>
          <b>≈ {roughMoney(sum.minor, currency)}</b> spent today
          {from !== null &&
            `, converted at the rates of ${from === to ? dayMonth(from) : `${dayMonth(from)} to ${dayMonth(to)}`}`}
          {age !== null && <b className="problem">, {age} days old</b>}
          {sum.missing.length > 0 && `; without ${sum.missing.join(', ')}: no rate is known`}
        </>
      )}{' '}
      <label>
        <span className="vh">Currency of the total</span>
        <select
          className="field field--small"
          value={currency}
          onChange={(event) => onCurrency(event.target.value)}
        >
          {targets(rates.values(), currency).map((one) => (
            <option key={one}>{one}</option>
          ))}
        </select>
      </label>
    </span>
  );
}
