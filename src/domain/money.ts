/** Money is an integer in Meta's minor units of one currency; amounts of different currencies are never added. */

/**
 * Currencies whose minor unit equals the major one at Meta; every other one has 100.
 * Meta's table, not ISO 4217: HUF, TWD, COP, CRC and IDR are here, BHD and JOD are not. Source: Marketing API, currencies.
 */
const wholeCurrencies = new Set([
  'CLP',
  'COP',
  'CRC',
  'HUF',
  'IDR',
  'ISK',
  'JPY',
  'KRW',
  'PYG',
  'TWD',
  'VND',
]);

/** Minor units in one major unit at Meta: 1 or 100. An unknown currency counts as 100. */
export function minorPerMajor(currency: string): 1 | 100 {
  return wholeCurrencies.has(currency) ? 1 : 100;
}

/** Digits after the point that an amount of this currency has. */
export function fractionDigits(currency: string): 0 | 2 {
  return minorPerMajor(currency) === 1 ? 0 : 2;
}

/** An integer amount in minor units as Meta sends it (string or number); null when it is anything else or beyond 2^53. */
export function parseMinor(value: unknown): number | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : null;
  if (typeof value !== 'string' || !/^-?[0-9]{1,16}$/.test(value)) return null;
  const amount = Number(value);
  return Number.isSafeInteger(amount) ? amount : null;
}

/**
 * A decimal amount in major units (`"247.8"`, or a number from JSON) as minor units, rounded half up on the decimal text,
 * so that binary floating point never touches it. Null when it is not a plain non-negative decimal or too large.
 */
export function minorFromMajor(value: unknown, currency: string): number | null {
  const text = typeof value === 'number' ? String(value) : value;
  const match = typeof text === 'string' ? /^([0-9]{1,14})(?:\.([0-9]{1,12}))?$/.exec(text) : null;
  if (match === null) return null;
  const digits = fractionDigits(currency);
  const fraction = (match[2] ?? '').padEnd(digits + 1, '0');
  const floor = BigInt((match[1] ?? '0') + fraction.slice(0, digits));
  const minor = Number(floor + (fraction.charCodeAt(digits) >= 53 ? 1n : 0n));
  return Number.isSafeInteger(minor) ? minor : null;
}

/**
 * Cost per click in major units to six decimals, without trailing zeros, as Meta writes it: `0.339918`. Null without clicks.
 */
export function costPerClick(spendMinor: number, clicks: number, currency: string): string | null {
  if (clicks <= 0 || spendMinor < 0) return null;
  const scaled = BigInt(spendMinor) * 1_000_000n;
  const divisor = BigInt(clicks) * BigInt(minorPerMajor(currency));
  const micro = (scaled * 2n + divisor) / (divisor * 2n);
  return trimDecimal(`${micro / 1_000_000n}.${String(micro % 1_000_000n).padStart(6, '0')}`);
}

/** A decimal without trailing zeros: `0.340000` is `0.34`. */
export function trimDecimal(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Minor units as a decimal in major units, with as many places as the currency has: -50 of USD is `-0.50`. */
export function majorText(minor: number, currency: string): string {
  const places = fractionDigits(currency);
  const digits = String(Math.abs(minor)).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  const sign = minor < 0 ? '-' : '';
  return places === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-places)}`;
}
