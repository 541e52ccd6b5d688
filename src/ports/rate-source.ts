import type { Rate } from '../domain/exchange.ts';

/** Where exchange rates are published. */
export interface RateSource {
  /** Names it beside what it told. */
  name: string;
  /** The rates of the newest day, or in a few words why there are none. Never rejects. */
  readRates(signal: AbortSignal): Promise<{ rates: Rate[] } | { problem: string }>;
}
