import type { AccountId } from '../../domain/account.ts';
import type { Failure, Result } from '../../domain/observation.ts';
import { aspects, type Aspect, type MetricsReading } from '../../ports/account-source.ts';
import type { Claim } from '../../store/cycles.ts';
import type { ReadableAccount } from '../../store/metrics.ts';

/** Readings that have arrived, with the accounts that they are about. */
export interface MetricsBatch {
  claim: Claim;
  slotAt: number;
  accounts: ReadonlyMap<AccountId, ReadableAccount>;
  readings: readonly MetricsReading[];
  /** When this is written (epoch ms). */
  at: number;
}

export interface AspectFailure {
  accountId: AccountId;
  aspect: Aspect;
  failure: Failure;
}

/** What was read of one account. */
export interface Read<T> {
  account: ReadableAccount;
  value: T;
}

/** What an aspect's reading holds when it succeeded. */
export type Value<A extends Aspect> = NonNullable<MetricsReading[A]> extends Result<infer T> ? T : never;

/** The successful readings of one aspect. A loop, because every cycle passes here once for each aspect of every account. */
export function pick<A extends Aspect>({ accounts, readings }: MetricsBatch, aspect: A): Read<Value<A>>[] {
  const read: Read<Value<A>>[] = [];
  for (const reading of readings) {
    const result = reading[aspect] as Result<Value<A>> | null;
    const account = result?.ok === true ? accounts.get(reading.accountId) : undefined;
    if (result?.ok === true && account !== undefined) read.push({ account, value: result.value });
  }
  return read;
}

/** Everything that could not be read. */
export function failuresOf({ readings }: MetricsBatch): AspectFailure[] {
  const failures: AspectFailure[] = [];
  for (const reading of readings)
    for (const aspect of aspects) {
      const result = reading[aspect];
      if (result?.ok === false)
        failures.push({ accountId: reading.accountId, aspect, failure: result.failure });
    }
  return failures;
}
