import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fractionDigits, minorFromMajor, minorPerMajor, parseMinor } from './money.ts';

const hundredths =
  'AED ARS AUD BDT BGN BHD BOB BRL CAD CHF CNY CZK DKK DZD EGP EUR FBZ GBP GTQ HKD HNL HRK ILS INR JOD KES LTL LVL MOP MXN MYR NGN NIO NOK NZD PEN PHP PKR PLN QAR RON RSD RUB SAR SEK SGD SKK THB TRY UAH USD UYU VEF VES ZAR LKR';
const whole = 'CLP COP CRC HUF IDR ISK JPY KRW PYG TWD VND';

test.each(hundredths.split(' '))('%s has a hundred minor units', (currency) => {
  expect([minorPerMajor(currency), fractionDigits(currency)]).toEqual([100, 2]);
});
test.each(whole.split(' '))('%s has none', (currency) => {
  expect([minorPerMajor(currency), fractionDigits(currency)]).toEqual([1, 0]);
});

describe('an amount in minor units', () => {
  test.each([
    ['1284390', 1_284_390],
    ['0', 0],
    ['-5', -5],
    [17, 17],
    ['9007199254740991', 9_007_199_254_740_991],
  ])('%j is %i', (text, minor) => expect(parseMinor(text)).toBe(minor));

  test.each([
    '9007199254740992',
    '12.5',
    '',
    ' 1',
    '1e3',
    'NaN',
    null,
    undefined,
    {},
    [1],
    true,
    1.5,
    Infinity,
  ])('%j is none', (text) => expect(parseMinor(text)).toBeNull());
});

describe('a decimal amount in major units', () => {
  test.each([
    ['247.8', 'USD', 24_780],
    ['0.005', 'USD', 1],
    ['0.004999', 'USD', 0],
    ['1.005', 'USD', 101],
    ['38400', 'JPY', 38_400],
    ['38400.5', 'JPY', 38_401],
    ['38400.49', 'KRW', 38_400],
    [250, 'USD', 25_000],
    [12.34, 'EUR', 1234],
    ['18420000', 'VND', 18_420_000],
  ])('%j %s is %i', (text, currency, minor) => expect(minorFromMajor(text, currency)).toBe(minor));

  test.each(['-1', '1,000', '', '.5', '1.', '1e5', null, {}, NaN, Infinity, '99999999999999999'])(
    '%j is none',
    (text) => expect(minorFromMajor(text, 'USD')).toBeNull(),
  );

  test('never goes through binary floating point', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 12n),
        fc.integer({ min: 0, max: 999_999 }),
        fc.constantFrom('USD', 'JPY'),
        (units, fraction, currency) => {
          const text = `${units}.${String(fraction).padStart(6, '0')}`;
          const micro = units * 1_000_000n + BigInt(fraction);
          const unit = currency === 'USD' ? 10_000n : 1_000_000n;
          expect(BigInt(minorFromMajor(text, currency) ?? -1)).toBe((micro + unit / 2n) / unit);
        },
      ),
      { numRuns: 500 },
    );
  });
});
