import { count } from '../kit/figures.ts';

/** `1 life`, `12 lives` */
export function plural(n: number, one: string, many: string): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** Days that may be a fraction: `0.4 days`, `38 days`. */
export function dayCount(days: number): string {
  const shown = days < 10 ? Math.round(days * 10) / 10 : Math.round(days);
  return plural(shown, 'day', 'days');
}

/** A rate with two digits after the point, one from 10 on. */
export function decimal(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}
