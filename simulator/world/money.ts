/** Amounts: integers of Meta's minor unit inside, decimal strings of the major unit in insights. */

/** Minor units in one major unit; Meta's own table, which is not ISO 4217. */
const OFFSETS: Readonly<Record<string, number>> = { JPY: 1, KRW: 1, VND: 1, IDR: 1 };

/** Rough price of one US dollar, so that accounts of all currencies are of comparable size. */
const PER_DOLLAR: Readonly<Record<string, number>> = {
  EUR: 0.92,
  GBP: 0.79,
  BRL: 5.4,
  JPY: 150,
  KRW: 1350,
  VND: 25_000,
  IDR: 16_000,
  CAD: 1.37,
  MXN: 18,
  PLN: 4,
};

export function minorPerMajor(currency: string): number {
  return OFFSETS[currency] ?? 100;
}

export function perDollar(currency: string): number {
  return PER_DOLLAR[currency] ?? 1;
}

/** An insights amount: major units, trailing zeros dropped, as Meta writes them. */
export function majorText(minor: number, currency: string): string {
  return decimalText(minor / minorPerMajor(currency), 2);
}

/** At most `digits` decimals, trailing zeros dropped. */
export function decimalText(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}

/** Rounds to two significant digits: limits and caps are round numbers. */
export function roundAmount(value: number): number {
  if (value <= 0) return 0;
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.max(1, Math.round(value / unit)) * unit;
}
