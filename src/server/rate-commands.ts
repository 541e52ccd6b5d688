import { utcDay } from '../domain/calendar.ts';
import { setRate } from '../services/rates/set-rate.ts';
import { readLatestRates } from '../store/exchange-rates.ts';
import { done, Mistake, one, operator, type Command } from './command.ts';

/** The commands about exchange rates; they serve the converted totals of the board and nothing else. */
export const rateCommands: Record<string, Command> = {
  'rate list': {
    usage: 'rate list',
    does: 'lists the newest exchange rate of each currency: what one euro was worth',
    async run({ database }) {
      const rates = await readLatestRates(database.sql);
      return rates.map(({ currency, perEuro, day }) => ({ currency, per_euro: perEuro, day }));
    },
  },
  'rate set': {
    usage: 'rate set CURRENCY PER_EURO [--day 2026-11-24]',
    does: 'enters what one euro was worth in a currency that the European Central Bank does not publish',
    async run(deps, given) {
      const [currency, rate, ...rest] = given.words;
      if (currency === undefined || rate === undefined || rest.length > 0)
        throw new Mistake('Write it like: rate set VND 27500 --day 2026-11-24');
      const day = one(given, 'day') ?? utcDay(await deps.clock.now());
      const wish = {
        currency: currency.toUpperCase(),
        perEuro: rate.trim() === '' ? NaN : Number(rate),
        day,
      };
      const set = done(await setRate(deps, operator, wish));
      return [{ currency: set.currency, per_euro: set.perEuro, day: set.day }];
    },
  },
};
