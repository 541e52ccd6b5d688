import type { AlertKind, Severity } from './alert.ts';

/** A channel as far as routing is concerned. */
export interface Reachable {
  channelId: number;
  lowestSeverity: Severity;
  /** Only these kinds; null: all. */
  kinds: readonly string[] | null;
  /** Only accounts of these vendors; null: all, and what concerns no vendor. */
  vendorIds: readonly number[] | null;
  /** The vendor whose own channel this is. */
  vendorId: number | null;
  /** 0 hears at once; a higher level hears when nobody has acknowledged. */
  escalationLevel: number;
}

/** An alert as far as routing is concerned. */
export interface Routed {
  kind: AlertKind;
  severity: Severity;
  /** The vendors of its accounts; null stands for one whose vendor nobody has named. */
  vendorIds: readonly (number | null)[];
}

const weight: Readonly<Record<Severity, number>> = { info: 0, warning: 1, critical: 2 };
/** What a vendor hears of by himself: that he owes a replacement, or no longer. */
const forVendors: readonly AlertKind[] = ['account_suspended', 'account_closed', 'account_restored'];

/**
 * Who hears of an alert: every channel of the levels from `levels[0]` to `levels[1]` that wants it, and those that were told
 * of what it ends.
 */
export function routeAlert(
  alert: Routed,
  channels: readonly Reachable[],
  toldBefore: readonly number[] = [],
  levels: readonly [number, number] = [0, 0],
): number[] {
  return channels
    .filter(
      (channel) =>
        toldBefore.includes(channel.channelId) ||
        (channel.escalationLevel >= levels[0] &&
          channel.escalationLevel <= levels[1] &&
          wants(channel, alert)),
    )
    .map(({ channelId }) => channelId);
}

function wants(channel: Reachable, { kind, severity, vendorIds }: Routed): boolean {
  if (channel.vendorId !== null) return forVendors.includes(kind) && vendorIds.includes(channel.vendorId);
  return (
    weight[severity] >= weight[channel.lowestSeverity] &&
    (channel.kinds === null || channel.kinds.includes(kind)) &&
    (channel.vendorIds === null || vendorIds.some((id) => id !== null && channel.vendorIds?.includes(id)))
  );
}
