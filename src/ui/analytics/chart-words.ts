import { minorPerMajor } from '../../domain/money.ts';
import { clickCost, money, percent, roughMoney } from '../kit/figures.ts';
import { monthDay } from '../kit/times.ts';

/** What a chart's figures are. Amounts and costs are minor units of the currency, shares go from 0 to 1. */
export type Unit = { of: 'money' | 'cost'; currency: string } | { of: 'share' };

/** What runs along the bottom: calendar days, or days of life. */
export type Across = 'day' | 'life';

/** A figure in full, for the readout and the table. */
export function figureWords(value: number | null, unit: Unit): string {
  if (value === null) return '—';
  if (unit.of === 'share') return percent(value * 100);
  if (unit.of === 'money') return money(Math.round(value), unit.currency);
  return costWords(value, unit.currency);
}

/** A figure for the axis. */
export function tickWords(value: number, unit: Unit): string {
  if (unit.of === 'share') return `${Math.round(value * 100)}%`;
  return unit.of === 'money' || value === 0
    ? roughMoney(value, unit.currency)
    : costWords(value, unit.currency);
}

/** Minor units per click. */
export function costWords(minorPerClick: number, currency: string): string {
  return clickCost(String(minorPerClick / minorPerMajor(currency)), currency);
}

/** `Nov 24` */
export function dayWords(day: string): string {
  return monthDay(Date.parse(`${day}T00:00:00Z`), 'UTC');
}

/** Where on the way across: a day as epoch seconds, or days of life. */
export function acrossWords(x: number, across: Across): string {
  if (across === 'day') return monthDay(x * 1000, 'UTC');
  return `day ${Number.isInteger(x) ? x : x.toFixed(1)}`;
}
