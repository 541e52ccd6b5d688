export type AlertKind =
  | 'account_suspended'
  | 'account_closing'
  | 'account_closed'
  | 'account_restored'
  | 'not_delivering'
  | 'payment_warning'
  | 'daily_limit_cut'
  | 'daily_limit_raised'
  | 'spend_cap_cut'
  | 'funds_low'
  | 'cpc_jump'
  | 'stuck_delivery'
  | 'blind_spot'
  | 'access_lost'
  | 'token_dead'
  | 'connection_stopped'
  | 'ceiling_reached'
  | 'token_expiring'
  | 'polling_failing'
  | 'channel_disabled'
  | 'account_flapping'
  | 'quiet_digest';

export const severities = ['critical', 'warning', 'info'] as const;
export type Severity = (typeof severities)[number];

/** What only happens and does not last: over as soon as it is told. */
export const passingKinds: readonly AlertKind[] = ['account_restored', 'daily_limit_raised'];

/** The open alerts that a restored account ends. */
export const endedByRestore: readonly AlertKind[] = [
  'account_suspended',
  'account_closing',
  'account_closed',
  'not_delivering',
];

/** More like alerts than this at once are one message. */
export const mostSingleAlerts = 10;
