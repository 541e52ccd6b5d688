import type { Severity } from './alert.ts';

/** A channel as far as routing is concerned. */
export interface Reachable {
  channelId: number;
  lowestSeverity: Severity;
}

const weight: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };

/** Who hears of an alert: every channel that wants its severity, and those that were told of what it ends. */
export function routeAlert(
  severity: Severity,
  channels: readonly Reachable[],
  toldBefore: readonly number[],
): number[] {
  return channels
    .filter(
      ({ channelId, lowestSeverity }) =>
        weight[severity] >= weight[lowestSeverity] || toldBefore.includes(channelId),
    )
    .map(({ channelId }) => channelId);
}
