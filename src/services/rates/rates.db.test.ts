import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/database.ts';
import type { Rate } from '../../domain/exchange.ts';
import type { Actor } from '../../domain/permissions.ts';
import type { RateSource } from '../../ports/rate-source.ts';
import { readLatestRates } from '../../store/exchange-rates.ts';
import { fetchRates } from './fetch-rates.ts';
import { setRate } from './set-rate.ts';

const operator: Actor = { role: 'admin', name: 'operator' };
const currencies = ['AUD', 'BRL', 'CAD', 'CHF', 'CZK', 'GBP', 'JPY', 'NOK', 'PLN', 'SEK', 'USD'];
const listOf = (day: string, perEuro = 2): Rate[] =>
  currencies.map((currency) => ({ currency, perEuro, day }));

let db: TestDatabase;
let answer: Awaited<ReturnType<RateSource['readRates']>>;
let asked: number;
const warnings: unknown[] = [];
let at = Date.UTC(2026, 10, 24, 17);

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.database.sql`truncate exchange_rates`;
  answer = { rates: listOf('2026-11-24') };
  asked = 0;
  warnings.length = 0;
  at = Date.UTC(2026, 10, 24, 17);
});

const rateSource: RateSource = {
  name: 'ecb',
  async readRates() {
    asked += 1;
    return answer;
  },
};
const deps = () => ({
  database: db.database,
  clock: { now: async () => at },
  log: { info: () => {}, error: () => {}, warn: (_event: string, fields?: object) => warnings.push(fields) },
  rateSource,
});
const never = new AbortController().signal;
const usd = async () =>
  (await readLatestRates(db.database.sql)).find(({ currency }) => currency === 'USD') ?? null;

test('the rates of the day are stored once, and not asked for again that day', async () => {
  expect(await fetchRates(deps(), never)).toBe('stored');
  expect(await usd()).toEqual({ currency: 'USD', perEuro: 2, day: '2026-11-24' });
  expect(await fetchRates(deps(), never)).toBe('known');
  expect(asked).toBe(1);
  at += 86_400_000;
  expect(await fetchRates(deps(), never)).toBe('known');
  answer = { rates: listOf('2026-11-25', 2.1) };
  expect(await fetchRates(deps(), never)).toBe('stored');
  expect(await usd()).toMatchObject({ perEuro: 2.1, day: '2026-11-25' });
});

test('a failure and an absurd answer change nothing and are told', async () => {
  await fetchRates(deps(), never);
  at += 86_400_000;
  for (const wrong of [{ problem: 'HTTP 500' }, { rates: listOf('2026-11-25', 200) }, { rates: [] }]) {
    answer = wrong;
    expect(await fetchRates(deps(), never)).toBe('failed');
  }
  expect(await usd()).toMatchObject({ perEuro: 2, day: '2026-11-24' });
  expect(warnings).toHaveLength(3);
  expect(warnings[1]).toMatchObject({ problem: 'AUD from 2 to 200' });
});

test('switched off, nobody is asked', async () => {
  expect(await fetchRates({ ...deps(), rateSource: null }, never)).toBe('off');
  expect(asked).toBe(0);
});

test('an operator enters what nobody publishes; a mistake is told', async () => {
  const vnd = { currency: 'VND', perEuro: 27_500, day: '2026-11-24' };
  expect(await setRate(deps(), operator, vnd)).toEqual({ isDone: true, value: vnd });
  expect(await readLatestRates(db.database.sql)).toEqual([vnd]);
  for (const wrong of [
    { currency: 'EUR' },
    { currency: 'dong' },
    { perEuro: 0 },
    { perEuro: NaN },
    { day: '2026-02-30' },
  ])
    expect(await setRate(deps(), operator, { ...vnd, ...wrong })).toMatchObject({ isDone: false });
  await expect(setRate(deps(), { role: 'analyst', name: 'a' }, vnd)).rejects.toMatchObject({
    refusal: 'forbidden',
  });
  const [audit] = await db.database.sql`select actor, detail from audit_log where action = 'rate.set'`;
  expect(audit).toEqual({ actor: 'operator', detail: vnd });
});
