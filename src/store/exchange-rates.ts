import type { Rate } from '../domain/exchange.ts';
import type { Sql } from '../ports/sql.ts';

/** The newest rate of each currency, by currency. */
export async function readLatestRates(sql: Sql): Promise<Rate[]> {
  return sql<{ currency: string; perEuro: number; day: string }>`
    select distinct on (currency) currency, per_euro::float8 as "perEuro", day::text as day
    from exchange_rates order by currency, day desc`;
}

/** The newest day of one source; null when it never gave any. */
export async function readLatestRateDay(sql: Sql, source: string): Promise<string | null> {
  const [row] = await sql<{ day: string | null }>`
    select max(day)::text as day from exchange_rates where source = ${source}`;
  return row?.day ?? null;
}

/** Stores rates; one of the same day and currency is replaced. */
export async function upsertRates(sql: Sql, rates: readonly Rate[], source: string): Promise<void> {
  await sql`
    insert into exchange_rates (day, currency, per_euro, source)
    select day, currency, per_euro, ${source}
    from unnest(
      ${rates.map((rate) => rate.day)}::date[], ${rates.map((rate) => rate.currency)}::text[],
      ${rates.map((rate) => rate.perEuro)}::numeric[]
    ) as given (day, currency, per_euro)
    on conflict (day, currency) do update set per_euro = excluded.per_euro, source = excluded.source`;
}
