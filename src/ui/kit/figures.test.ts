import { describe, expect, test } from 'vitest';
import { clickCost, limitMoney, money, moneyPair, percent, roughMoney, smallMoney } from './figures.ts';

const plain = (text: string | null) => text?.replaceAll('\u00a0', ' ') ?? null;

describe('money is exact and bears its currency', () => {
  test.each([
    [41_260, 'USD', '$412.60'],
    [0, 'USD', '$0.00'],
    [38_400, 'JPY', '¥38,400'],
    [114_000, 'BRL', 'R$1,140.00'],
    [30_175, 'CAD', 'CA$301.75'],
    [2_845_000, 'IDR', 'IDR 2,845,000'],
    [18_420_000, 'VND', '₫18,420,000'],
    [8_450, 'PLN', 'PLN 84.50'],
    [1_000, 'HUF', 'HUF 1,000'],
    [1_050, '', '10.50'],
  ])('%i %s', (minor, currency, text) => {
    expect(plain(money(minor, currency))).toBe(text);
  });
});

describe('a small place shows three digits from ten characters on, and keeps the truth', () => {
  test.each([
    [184_750, 'USD', '$1,847.50', null],
    [184_000, 'JPY', '¥184,000', null],
    [342_050, 'BRL', 'R$3.42K', 'R$3,420.50'],
    [12_450_000, 'IDR', 'IDR 12.5M', 'IDR 12,450,000'],
  ])('%i %s', (minor, currency, text, exact) => {
    const figure = smallMoney(minor, currency);
    expect([plain(figure.text), plain(figure.exact)]).toEqual([text, exact]);
  });
});

describe('a pair says its currency once when it is long', () => {
  test.each([
    [20_000, 25_000, 'USD', '$200 → $250'],
    [150_000, 100_000, 'USD', '$1.5K → 1K'],
    [50_000, 70_000, 'CAD', 'CA$500 → 700'],
    [300_000, 450_000, 'MXN', 'MX$3K → 4.5K'],
    [300_000, 400_000, 'KRW', '₩300K → 400K'],
    [100_000, 75_000, 'USD', '$1K → 750'],
  ])('%i to %i %s', (from, to, currency, text) => {
    expect(plain(moneyPair(from, to, currency).text)).toBe(text);
  });
});

test('limits and projections have no fraction where there is none to tell', () => {
  expect(limitMoney(25_000, 'USD').text).toBe('$250');
  expect(limitMoney(25_050, 'USD').text).toBe('$250.50');
  expect(roughMoney(25_849, 'USD')).toBe('$258');
  expect(plain(roughMoney(2_945_000, 'IDR'))).toBe('IDR 2.95M');
});

test('the price of a click keeps a digit that two decimals would lose', () => {
  expect(clickCost('0.3381', 'USD')).toBe('$0.34');
  expect(clickCost('0.0384', 'USD')).toBe('$0.038');
  expect(clickCost('38', 'JPY')).toBe('¥38');
});

test('progress has one decimal', () => {
  expect([percent(0), percent(68.8), percent(100), percent(1204.5)]).toEqual([
    '0.0%',
    '68.8%',
    '100.0%',
    '1,204.5%',
  ]);
});
