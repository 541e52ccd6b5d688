import type { Purpose } from '../../src/ports/channel.ts';

/** `ops` and `night` hear at once, `boss` when nobody has acknowledged. */
const names = ['ops', 'night', 'boss'] as const;
export type Name = (typeof names)[number];

/** One message of one alert on one channel. */
export interface Arrival {
  key: string;
  channel: string;
  purpose: Purpose;
}

/**
 * All that must have arrived of alerts that nobody acknowledged for half an hour and that are over: from the plan alone, not
 * from what the database says. A channel that is gone gets nothing, and the others hear that it is.
 */
export function dueArrivals(keys: readonly string[], gone: Name | null, goneId?: number): Arrival[] {
  const due = keys.flatMap((key): Arrival[] => [
    ...(['opened', 'repeat', 'resolved'] as const).flatMap((purpose) =>
      names
        .filter((channel) => purpose !== 'opened' || channel !== 'boss')
        .map((channel) => ({ key, channel, purpose })),
    ),
    // What nobody else has is handed over to all others.
    ...(gone === 'boss' ? names : (['boss'] as const)).map((channel) => ({
      ...{ key, channel, purpose: 'escalated' as const },
    })),
  ]);
  const disabled = names.map((channel) => ({
    ...{ key: `channel:${goneId}:disabled`, channel, purpose: 'opened' as const },
  }));
  return [...due, ...(gone === null ? [] : disabled)].filter(({ channel }) => channel !== gone);
}
