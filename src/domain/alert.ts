import type { Change } from './transition.ts';
import { isDelivering, isNotDelivering } from './status.ts';
import { isCut } from './trend.ts';

export type AlertKind =
  | 'account_suspended'
  | 'account_closing'
  | 'account_closed'
  | 'account_restored'
  | 'not_delivering'
  | 'daily_limit_cut'
  | 'spend_cap_cut'
  | 'access_lost'
  | 'token_dead'
  | 'connection_stopped'
  | 'ceiling_reached'
  | 'token_expiring'
  | 'polling_failing'
  | 'channel_disabled'
  | 'daily_digest';
export type Severity = 'critical' | 'warning' | 'info';

const severities: Readonly<Record<AlertKind, Severity>> = {
  account_suspended: 'critical',
  account_closing: 'critical',
  account_closed: 'critical',
  account_restored: 'info',
  not_delivering: 'critical',
  daily_limit_cut: 'critical',
  spend_cap_cut: 'critical',
  access_lost: 'critical',
  token_dead: 'critical',
  connection_stopped: 'critical',
  ceiling_reached: 'critical',
  // From 7 days on it is critical: `token-life.ts` says so.
  token_expiring: 'warning',
  polling_failing: 'critical',
  channel_disabled: 'critical',
  daily_digest: 'info',
};

/** Every kind of alert. */
export const alertKinds = Object.keys(severities) as AlertKind[];

export function severityOf(kind: AlertKind): Severity {
  return severities[kind];
}

/** The open alerts that a restored account ends. */
export const endedByRestore: readonly AlertKind[] = [
  'account_suspended',
  'account_closing',
  'account_closed',
  'not_delivering',
];

/** Which alert a change deserves; null when nobody has to be woken. */
export function alertKindOf(change: Change): AlertKind | null {
  switch (change.kind) {
    case 'status_changed':
      return statusAlert(change.fromCode, change.toCode);
    case 'daily_limit_changed':
      // From no limit to a limit is a cut as well; the removal of one never is.
      if (change.toMinor === null) return null;
      return change.fromMinor === null || isCut(change.fromMinor, change.toMinor) ? 'daily_limit_cut' : null;
    case 'spend_cap_changed':
      // A first spend cap is the owner's own decision; the removal of one is no cut.
      if (change.toMinor === null || change.fromMinor === null) return null;
      return isCut(change.fromMinor, change.toMinor) ? 'spend_cap_cut' : null;
    case 'access_lost':
      return 'access_lost';
    case 'discovered':
    case 'access_regained':
    case 'amount_spent_reset':
      return null;
  }
}

function statusAlert(from: number | null, to: number | null): AlertKind | null {
  if (to === 2) return 'account_suspended';
  if (to === 100) return 'account_closing';
  if (to === 101) return 'account_closed';
  if (isNotDelivering(to)) return isNotDelivering(from) ? null : 'not_delivering';
  const wasDown = from === 2 || from === 100 || from === 101 || isNotDelivering(from);
  return wasDown && isDelivering(to) ? 'account_restored' : null;
}

/** More like alerts than this in one write are one message. */
export const mostSingleAlerts = 10;
