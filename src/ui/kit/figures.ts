import { fractionDigits, minorPerMajor } from '../../domain/money.ts';

/** Numbers as people read them. One place, so that the server and every browser write the same characters. */

const locale = 'en-US';
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(key: string, options: () => Intl.NumberFormatOptions): Intl.NumberFormat {
  let format = formats.get(key);
  if (format === undefined) {
    try {
      format = new Intl.NumberFormat(locale, options());
    } catch {
      // Not a currency that Intl can name: the bare number is still true.
      format = new Intl.NumberFormat(locale, { ...options(), style: 'decimal', currency: undefined });
    }
    formats.set(key, format);
  }
  return format;
}

/** Runtimes differ in which white space they put between figure and unit; all of it becomes one kind that does not break. */
export function evenSpace(text: string): string {
  return text.replace(/[\u00a0\u202f\u2009]/g, '\u00a0');
}

function inCurrency(value: number, currency: string, digits: number): string {
  const format = formatOf(`${currency}${digits}`, () => ({
    style: 'currency',
    currency,
    currencyDisplay: 'symbol',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }));
  return evenSpace(format.format(value));
}

/** The exact amount: `$412.60`, `¥38,400`, `IDR 2,845,000`. */
export function money(minor: number, currency: string): string {
  return inCurrency(minor / minorPerMajor(currency), currency, fractionDigits(currency));
}

/** The exact amount without its currency, where a column of its own names it: `412.60`, `2,845,000`. */
export function bareMoney(minor: number, currency: string): string {
  const digits = fractionDigits(currency);
  return bare(minor / minorPerMajor(currency), digits);
}

function bare(value: number, digits: number): string {
  const options = { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return formatOf(`bare${digits}`, () => options).format(value);
}

/** A figure for a small place; `exact` is set when the text is shorter than the truth. */
export interface SmallFigure {
  text: string;
  exact: string | null;
}

const longest = 9;

function compact(value: number, currency: string | null): string {
  const format = formatOf(`compact${currency ?? ''}`, () => ({
    ...(currency === null ? {} : { style: 'currency', currency, currencyDisplay: 'symbol' }),
    notation: 'compact',
    maximumSignificantDigits: 3,
  }));
  return evenSpace(format.format(value));
}

/** Exact while it is short, three digits from 10 characters on. */
export function smallMoney(minor: number, currency: string): SmallFigure {
  const exact = money(minor, currency);
  if (exact.length <= longest) return { text: exact, exact: null };
  return { text: compact(minor / minorPerMajor(currency), currency), exact };
}

/** Without a fraction where there is none to tell: limits are mostly round. */
function roundMoney(minor: number, currency: string): SmallFigure {
  const per = minorPerMajor(currency);
  if (minor % per !== 0) return smallMoney(minor, currency);
  const exact = inCurrency(minor / per, currency, 0);
  return exact.length <= longest ? { text: exact, exact: null } : { ...smallMoney(minor, currency), exact };
}

/** An expected amount, in whole units: `$258`, `IDR 2.9M`. */
export function roughMoney(minor: number, currency: string): string {
  const per = minorPerMajor(currency);
  return roundMoney(Math.round(minor / per) * per, currency).text;
}

const longestPair = 12;

/** From one amount to another; a long pair says its currency once: `$200 → $250`, `$1.5K → 1K`. */
export function moneyPair(from: number, to: number, currency: string): SmallFigure {
  const per = minorPerMajor(currency);
  const exactFrom = roundMoney(from, currency);
  const exactTo = roundMoney(to, currency);
  const exact = `${exactFrom.exact ?? exactFrom.text} → ${exactTo.exact ?? exactTo.text}`;
  const plain = `${exactFrom.text} → ${exactTo.text}`;
  if (plain.length <= longestPair) return { text: plain, exact: plain === exact ? null : exact };
  const short = (minor: number, symbol: string | null) =>
    minor / per < 1000 && minor % per === 0 && symbol !== null
      ? roundMoney(minor, currency).text
      : compact(minor / per, symbol);
  return { text: `${short(from, currency)} → ${short(to, null)}`, exact };
}

/** A limit on its own: `$250`. */
export function limitMoney(minor: number, currency: string): SmallFigure {
  return roundMoney(minor, currency);
}

/** Meta's cost per click: major units as text; a third digit where two would round it to nothing. */
export function clickCost(cpc: string, currency: string): string {
  return inCurrency(Number(cpc), currency, clickDigits(cpc, currency));
}

/** The same without its currency. */
export function bareClickCost(cpc: string, currency: string): string {
  return bare(Number(cpc), clickDigits(cpc, currency));
}

function clickDigits(cpc: string, currency: string): number {
  const digits = fractionDigits(currency);
  return digits === 2 && Number(cpc) < 0.1 ? 3 : digits;
}

/** A count: `48,210`. */
export function count(value: number): string {
  return formatOf('count', () => ({})).format(value);
}

/** Progress with one decimal: `68.8%`. */
export function percent(value: number): string {
  return `${formatOf('percent', () => ({ minimumFractionDigits: 1, maximumFractionDigits: 1 })).format(value)}%`;
}
