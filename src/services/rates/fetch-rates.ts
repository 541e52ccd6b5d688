import { utcDay } from '../../domain/calendar.ts';
import { problemOfRates, ratesOf } from '../../domain/exchange.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { RateSource } from '../../ports/rate-source.ts';
import type { Database } from '../../ports/sql.ts';
import { readLatestRateDay, readLatestRates, upsertRates } from '../../store/exchange-rates.ts';

interface Deps {
  database: Pick<Database, 'sql'>;
  clock: Pick<Clock, 'now'>;
  log: Log;
  /** Null where nobody is to be asked. */
  rateSource: RateSource | null;
}

export type FetchOutcome = 'off' | 'known' | 'stored' | 'failed';

/**
 * Brings the day's exchange rates, unless they are known already. What the source says wrong is logged and stored nowhere: the
 * rates of an earlier day go on being used, and say their age.
 */
export async function fetchRates(deps: Deps, signal: AbortSignal): Promise<FetchOutcome> {
  const { database, clock, log, rateSource } = deps;
  if (rateSource === null) return 'off';
  const today = utcDay(await clock.now());
  const latest = await readLatestRateDay(database.sql, rateSource.name);
  if (latest !== null && latest >= today) return 'known';
  const answer = await rateSource.readRates(signal);
  const known = ratesOf(await readLatestRates(database.sql));
  const problem = 'problem' in answer ? answer.problem : problemOfRates(answer.rates, known, today);
  if ('problem' in answer || problem !== null) {
    if (!signal.aborted) log.warn('exchange rates not taken', { source: rateSource.name, problem });
    return 'failed';
  }
  if (latest !== null && answer.rates.every(({ day }) => day <= latest)) return 'known';
  await upsertRates(database.sql, answer.rates, rateSource.name);
  return 'stored';
}
