import { addDays, daysBetween } from './calendar.ts';
import { minorPerMajor } from './money.ts';

/** What one euro was worth on a day (`YYYY-MM-DD`). */
export interface Rate {
  currency: string;
  perEuro: number;
  day: string;
}

/** The newest known rate of each currency; the euro itself needs none. */
export type Rates = ReadonlyMap<string, Rate>;

export function ratesOf(rates: readonly Rate[]): Rates {
  return new Map(rates.map((rate) => [rate.currency, rate]));
}

/** A converted sum. It is a near figure and has to be shown as one. */
export interface Converted {
  currency: string;
  /** Minor units of `currency`. */
  minor: number;
  /** Days of the rates that were used, oldest and newest; null when nothing had to be converted. */
  days: { from: string; to: string } | null;
  /** Currencies without a rate: their amounts are not in the sum. */
  missing: string[];
}

const euro = 'EUR';

function perEuroOf(currency: string, rates: Rates): Pick<Rate, 'perEuro'> | null {
  return currency === euro ? { perEuro: 1 } : (rates.get(currency) ?? null);
}

/** An amount in euros, major units, for comparing; null without a rate. */
export function inEuros(minor: number, currency: string, rates: Rates): number | null {
  const rate = perEuroOf(currency, rates);
  return rate === null ? null : minor / minorPerMajor(currency) / rate.perEuro;
}

/**
 * Sums of several currencies as one in `currency`. Null where that would say nothing: without a rate of `currency` itself, or
 * when no amount has one.
 */
export function convertSums(
  sums: readonly { currency: string; spendMinor: number }[],
  currency: string,
  rates: Rates,
): Converted | null {
  const target = perEuroOf(currency, rates);
  if (target === null) return null;
  let euros = 0;
  const days: string[] = [];
  const missing: string[] = [];
  let counted = 0;
  for (const sum of sums) {
    const amount = inEuros(sum.spendMinor, sum.currency, rates);
    if (amount === null) {
      missing.push(sum.currency);
      continue;
    }
    counted += 1;
    euros += amount;
    if (sum.currency === currency) continue;
    for (const used of [sum.currency, currency]) {
      const day = rates.get(used)?.day;
      if (day !== undefined) days.push(day);
    }
  }
  if (counted === 0) return null;
  days.sort();
  const [from, to] = [days[0], days.at(-1)];
  return {
    currency,
    minor: Math.round(euros * target.perEuro * minorPerMajor(currency)),
    days: from === undefined || to === undefined ? null : { from, to },
    missing,
  };
}

const oldAfterDays = 4;

/** How many days old the rates are when that is worth a word, else null. `today` is a UTC day. */
export function ratesAge({ days }: Converted, today: string): number | null {
  const age = days === null ? 0 : daysBetween(days.from, today);
  return age > oldAfterDays ? age : null;
}

const mostDays = 10;
const fewest = 10;
/** No currency of the list moves by half between two publications; a misplaced comma does. */
const largestStep = 1.5;

/** Why a published list of rates is not to be believed; null when it may be stored. `known` are the rates stored before. */
export function problemOfRates(published: readonly Rate[], known: Rates, today: string): string | null {
  if (published.length < fewest) return `only ${published.length} currencies`;
  for (const { currency, perEuro, day } of published) {
    const age = daysBetween(day, today);
    if (!(age >= -1 && age <= mostDays)) return `the day ${day}`;
    if (!(perEuro > 0.000001 && perEuro < 10_000_000)) return `${currency} at ${perEuro}`;
    const before = known.get(currency);
    if (before === undefined || daysBetween(before.day, day) > 4 * mostDays) continue;
    const step = perEuro / before.perEuro;
    if (step > largestStep || step < 1 / largestStep)
      return `${currency} from ${before.perEuro} to ${perEuro}`;
  }
  return null;
}

/** Whether the text is a day of the calendar, `YYYY-MM-DD`. */
export function isRealDay(day: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) && addDays(day, 0) === day;
}
