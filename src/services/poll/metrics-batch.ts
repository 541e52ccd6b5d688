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

/** The successful readings of one aspect. */
export function pick<A extends Aspect>({ accounts, readings }: MetricsBatch, aspect: A): Read<Value<A>>[] {
  return readings.flatMap((reading) => {
    const account = accounts.get(reading.accountId);
    const result = reading[aspect] as Result<Value<A>> | null;
    return account !== undefined && result?.ok === true ? [{ account, value: result.value }] : [];
  });
}

/** Everything that could not be read. */
export function failuresOf({ readings }: MetricsBatch): AspectFailure[] {
  return readings.flatMap((reading) =>
    aspects.flatMap((aspect) => {
      const result = reading[aspect];
      return result?.ok === false ? [{ accountId: reading.accountId, aspect, failure: result.failure }] : [];
    }),
  );
}
